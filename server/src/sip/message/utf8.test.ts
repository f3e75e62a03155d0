import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

test.for(['', 'Ada', 'Zoë', '日本語', '👋', '\u2028'])(
  '%j is encoded as octets and decoded unchanged',
  (text) => {
    const octets = encodeUtf8(text);
    expect(decodeUtf8(octets)).toBe(text);
    expect(octets).toHaveLength(Buffer.byteLength(text));
  },
);

test.for(['\u00c0\u00af', '\u00e2\u0080', '\u00ff', '\u00ed\u00a0\u0080'])(
  '%j, no UTF-8, becomes U+FFFD',
  (octets) => {
    expect(decodeUtf8(octets)).toMatch(/^\ufffd+$/);
  },
);
