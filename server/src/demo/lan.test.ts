import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CERTIFICATE, KEY } from '../config/support/certificate.ts';
import { readTlsPair } from '../config/tls.ts';
import { outsideAddresses } from '../media/ice/addresses.ts';
import { scratchFolder } from '../storage/support/scratch-folder.ts';
import type { Environment } from '../config/env.ts';
import { systemWorld } from '../world/world.ts';
import { onLan } from './lan.ts';

const folder = scratchFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const environment = { PERCH_DATA: folder, PERCH_PORT: '8443' };
const [address] = outsideAddresses();

const on = (variables: Environment, wished: string | undefined) => onLan(variables, wished, systemWorld);

describe.skipIf(address === undefined)('--lan, on a machine that is on a network', () => {
  test('PERCH_PUBLIC_URL takes precedence over the address, and the certificate names its host', async () => {
    const { config, others } = await on(
      { ...environment, PERCH_PUBLIC_URL: 'https://phone.example.org' },
      address,
    );
    expect(config.publicUrl?.origin).toBe('https://phone.example.org');
    expect(others).toEqual([]);
    if (!config.tls) throw new Error('no certificate');
    expect(
      new X509Certificate(readTlsPair(config.tls).certificate).checkHost('phone.example.org'),
    ).toBeDefined();
  });

  test('a certificate that is given is the one that is served, and there is no fingerprint to compare', async () => {
    const [PERCH_TLS_CERT, PERCH_TLS_KEY] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(PERCH_TLS_CERT, CERTIFICATE);
    writeFileSync(PERCH_TLS_KEY, KEY);
    const { config, fingerprint } = await on({ ...environment, PERCH_TLS_CERT, PERCH_TLS_KEY }, address);
    expect(readFileSync(config.tls?.certificateFile ?? '', 'utf8')).toBe(CERTIFICATE);
    expect(fingerprint).toBeUndefined();
  });

  test('a server that listens on loopback only is refused', async () => {
    await expect(on({ ...environment, PERCH_HOST: '127.0.0.1' }, undefined)).rejects.toThrow(
      'Others do not reach this machine at 127.0.0.1.',
    );
  });

  test('a data folder that cannot be used is reported in one sentence', async () => {
    const PERCH_DATA = join(folder, 'cert.pem');
    writeFileSync(PERCH_DATA, '');
    await expect(on({ ...environment, PERCH_DATA }, address)).rejects.toThrow(
      /^The data folder .* cannot be made/,
    );
  });
});

test('a port that the system chooses is refused', async () => {
  await expect(on({ ...environment, PERCH_PORT: '0' }, undefined)).rejects.toThrow('PERCH_PORT is not 0');
});
