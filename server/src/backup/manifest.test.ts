import { expect, test } from 'vitest';
import { type Manifest, manifestText, readManifest } from './manifest.ts';

const manifest: Manifest = {
  ...{ format: 1, perch: '1.2.3', takenAt: '2026-11-28T02:00:00.000Z', stays: 2 },
  databases: { 'perch.db': ['001-organizations'] },
  files: [{ path: 'voicemail/o/message.opus', octets: 5, sha256: 'a' }],
};

test('it is read as it was written', () => {
  expect(readManifest(manifestText(manifest))).toEqual(manifest);
});

test.for(['../perch.db', '/etc/passwd', 'voicemail/../../perch.db', '', 'voicemail//o', '.hidden', 'a\\b'])(
  'a list with the path %j is refused, also where its seal is right',
  (path) => {
    const files = [{ path, octets: 1, sha256: 'a' }];
    expect(readManifest(manifestText({ ...manifest, files }))).toBeUndefined();
  },
);
