import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const UNIT = new URL('../deploy/perch.service', import.meta.url);

const analyze = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe.skipIf(analyze('--version').status !== 0)('the systemd unit, where there is systemd', () => {
  let folder = '';
  let unit = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'perch-unit-'));
    unit = join(folder, 'perch.service');
    // systemd may not find the Node of this machine.
    const text = readFileSync(UNIT, 'utf8').replace('ExecStart=node ', `ExecStart=${process.execPath} `);
    writeFileSync(unit, text);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('systemd accepts every line of it', () => {
    expect(analyze('verify', unit)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('its exposure is under 2.0', () => {
    const { status, stdout } = analyze('security', '--offline=true', '--threshold=19', unit);
    expect([status, /Overall exposure level.*/.exec(stdout)?.[0]]).toEqual([0, expect.any(String)]);
  });
});
