import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer } from './support/test-server.ts';
import type { TestServer } from './support/test-server.ts';

const PAGE = `<!doctype html>\n<title>Perch</title>\n${'<p>words</p>\n'.repeat(50)}`;
const GERMAN = PAGE.replaceAll('words', 'Wörter');
const SCRIPT = 'export const word = 1;\n'.repeat(50);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const client = join(server.folder, 'client');
  mkdirSync(join(client, 'assets'), { recursive: true });
  const files = {
    'index.html': PAGE,
    'terminal.html': PAGE,
    'terminal.de.html': GERMAN,
    'sw.js': SCRIPT,
    'manifest.webmanifest': '{}',
    'assets/a-1.js': SCRIPT,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(client, name), text);
  for (const name of ['index.html', 'terminal.html', 'terminal.de.html', 'sw.js', 'assets/a-1.js'] as const) {
    writeFileSync(join(client, `${name}.br`), brotliCompressSync(files[name]));
    writeFileSync(join(client, `${name}.gz`), gzipSync(files[name]));
  }
});
afterAll(() => server.close());

/** One request that accepts these encodings, or that does not say (`undefined`). */
async function ask(
  url: string,
  encodings: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  method: 'GET' | 'HEAD' = 'GET',
) {
  const {
    statusCode,
    headers: answered,
    rawPayload,
  } = await server.http.app.inject({
    method,
    url,
    headers: { ...(encodings !== undefined && { 'accept-encoding': encodings }), ...headers },
  });
  return { status: statusCode, headers: answered, octets: rawPayload };
}

test.for([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['zstd', undefined],
  ['identity', undefined],
  [undefined, undefined],
] as const)('of a browser that accepts %s, the encoding is %s', async ([accepted, encoding]) => {
  for (const [url, text, type] of [
    ['/station/201', PAGE, /^text\/html; charset=utf-8$/],
    ['/assets/a-1.js', SCRIPT, /^(text|application)\/javascript; charset=utf-8$/],
  ] as const) {
    const { status, headers, octets } = await ask(url, accepted);
    const decode = { br: brotliDecompressSync, gzip: gunzipSync, none: (plain: Buffer) => plain }[
      encoding ?? 'none'
    ];
    expect([status, decode(octets).toString()]).toEqual([200, text]);
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['content-length']).toBe(String(octets.length));
    expect(headers['content-type']).toMatch(type);
    expect(headers['vary']).toMatch(/accept-encoding/i);
  }
});

test('an encoding does not change how long a file may be cached', async () => {
  for (const encodings of ['br', 'gzip', undefined]) {
    const kept = async (url: string) => (await ask(url, encodings)).headers['cache-control'];
    expect(await kept('/assets/a-1.js')).toBe('public, max-age=31536000, immutable');
    for (const url of ['/', '/phone/101', '/sw.js', '/manifest.webmanifest'])
      expect([url, await kept(url)]).toEqual([url, 'no-cache']);
  }
});

test('a file without a compressed copy is sent as it is', async () => {
  const { headers, octets } = await ask('/manifest.webmanifest', 'br, gzip');
  expect([headers['content-encoding'], octets.toString()]).toEqual([undefined, '{}']);
  expect(headers['content-type']).toBe('application/manifest+json');
});

test('each encoding has a tag of its own, by which it is asked for again', async () => {
  const tags = new Set<string>();
  for (const encodings of ['br', 'gzip', undefined]) {
    const first = await ask('/phone', encodings);
    const tag = String(first.headers['etag']);
    tags.add(tag);
    const again = await ask('/phone', encodings, { 'if-none-match': tag });
    expect([again.status, again.octets.length, again.headers['etag']]).toEqual([304, 0, tag]);
    expect(again.headers['vary']).toMatch(/accept-encoding/i);
  }
  expect(tags.size).toBe(3);
});

test('HEAD says what GET would send, and a part is one of the encoded file', async () => {
  const whole = await ask('/assets/a-1.js', 'br');
  const head = await ask('/assets/a-1.js', 'br', {}, 'HEAD');
  expect([head.status, head.octets.length]).toEqual([200, 0]);
  for (const name of ['content-encoding', 'content-length', 'content-type', 'etag', 'vary'])
    expect([name, head.headers[name]]).toEqual([name, whole.headers[name]]);
  const part = await ask('/assets/a-1.js', 'br', { range: 'bytes=2-5' });
  expect([part.status, part.headers['content-encoding']]).toEqual([206, 'br']);
  expect(part.headers['content-range']).toBe(`bytes 2-5/${String(whole.octets.length)}`);
  expect(part.octets).toEqual(whole.octets.subarray(2, 6));
});

test('a page for an unknown address is compressed too', async () => {
  const { status, headers, octets } = await ask('/nothing', 'br', { accept: 'text/html' });
  expect([status, headers['content-encoding'], brotliDecompressSync(octets).toString()]).toEqual([
    404,
    'br',
    PAGE,
  ]);
});

test('a slash at the end of the address of a page changes nothing', async () => {
  for (const url of ['/station', '/station/201', '/phone', '/phone/101']) {
    const [without, with_] = [await ask(url, undefined), await ask(`${url}/`, undefined)];
    expect([url, with_.status, with_.headers['etag']]).toEqual([url, 200, without.headers['etag']]);
  }
});

test('a page comes in the language that is chosen in the browser, or else one that it accepts, and caches keep them apart', async () => {
  const page = async (headers: Readonly<Record<string, string>>) => {
    const answer = await ask('/station/201', 'br', headers);
    const fields = String(answer.headers['vary']).toLowerCase().split(/, */).toSorted();
    expect(fields).toEqual(['accept-encoding', 'accept-language', 'cookie']);
    return { text: brotliDecompressSync(answer.octets).toString(), tag: answer.headers['etag'] };
  };
  const english = await page({ 'accept-language': 'en' });
  const german = await page({ 'accept-language': 'de' });
  expect([english.text, german.text]).toEqual([PAGE, GERMAN]);
  expect(german.tag).not.toBe(english.tag);
  expect(await page({ 'accept-language': 'en', cookie: 'perch-language=de' })).toEqual(german);
  expect(await page({ 'accept-language': 'de', cookie: 'perch-language=en' })).toEqual(english);
});
