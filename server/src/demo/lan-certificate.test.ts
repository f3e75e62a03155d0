import { X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { readTlsPair } from '../config/tls.ts';
import { CERTIFICATE } from '../config/support/certificate.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import { lanCertificate } from './lan-certificate.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 26);
const OTHERS = ['fd00::2', 'localhost', 'desk.local'];

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function newFolder(): string {
  const folder = scratchFolder();
  folders.push(folder);
  return folder;
}

const made = (folder: string, host = '192.168.1.20', now = NOW) => lanCertificate(folder, host, OTHERS, now);

test('it has what browsers ask of a certificate: its names, its purpose, its algorithm, at most 398 days', async () => {
  const files = await made(newFolder());
  const certificate = new X509Certificate(readTlsPair(files).certificate);
  expect(certificate.checkIP('192.168.1.20')).toBeDefined();
  expect(certificate.checkIP('fd00::2')).toBeDefined();
  for (const name of ['localhost', 'desk.local']) expect(certificate.checkHost(name)).toBe(name);
  expect(certificate.checkIP('192.168.1.21')).toBeUndefined();
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(certificate.ca).toBe(false);
  expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  const [from, to] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  expect(from).toBeLessThan(NOW);
  expect(to - from).toBeLessThanOrEqual(398 * DAY_MS);
  expect(files.fingerprint).toBe(certificate.fingerprint256);
});

test('only the user can read its files', async () => {
  const { certificateFile, keyFile } = await made(newFolder());
  for (const file of [certificateFile, keyFile]) expect(statSync(file).mode & 0o077).toBe(0);
});

test('it is kept while it names the host of the links, even if the machine’s other names change', async () => {
  const folder = newFolder();
  const { fingerprint } = await made(folder);
  expect((await lanCertificate(folder, '192.168.1.20', ['fd00::3'], NOW + DAY_MS)).fingerprint).toBe(
    fingerprint,
  );
  expect((await made(folder, 'desk.local')).fingerprint).toBe(fingerprint);
  expect((await made(folder, '192.168.1.21')).fingerprint).not.toBe(fingerprint);
});

test('it is renewed a month before it expires', async () => {
  const folder = newFolder();
  const { fingerprint } = await made(folder);
  expect((await made(folder, undefined, NOW + 330 * DAY_MS)).fingerprint).toBe(fingerprint);
  expect((await made(folder, undefined, NOW + 340 * DAY_MS)).fingerprint).not.toBe(fingerprint);
});

test('files that do not fit together are replaced, and closed to others', async () => {
  const folder = newFolder();
  const { certificateFile, keyFile } = await made(folder);
  writeFileSync(certificateFile, CERTIFICATE);
  chmodSync(keyFile, 0o644);
  const { fingerprint } = await made(folder);
  expect(new X509Certificate(readFileSync(certificateFile)).fingerprint256).toBe(fingerprint);
  expect(statSync(keyFile).mode & 0o077).toBe(0);
});
