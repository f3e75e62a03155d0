import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writtenRows } from '../figures/figures.ts';
import { PARSERS } from './parsers.ts';
import { reduced } from './reduce.ts';
import { endsIn } from './watchdog.ts';

const run = promisify(execFile);

/** What a program of this folder prints, each line as JSON. */
async function printed<Line>(program: string, ...args: readonly string[]): Promise<Line[]> {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const { stdout } = await run(process.execPath, [file, ...args]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

interface Line {
  readonly parser: string;
  readonly found: readonly string[];
  readonly findings: readonly unknown[];
}

test('so many inputs more, and nothing is found', async () => {
  const lines = await printed<Line>('main.ts', '--executions', '500', '--json');
  expect(lines.map(({ parser, findings }) => [parser, findings])).toEqual(
    Object.keys(PARSERS).map((parser) => [parser, []]),
  );
}, 60_000);

test('docs/reliability.md has the figures of all parsers, from one run', () => {
  const [, ...rows] = writtenRows('fuzz');
  expect(rows.map(([parser]) => parser)).toEqual(Object.keys(PARSERS));
});

test('a parser that is broken is found to be', async () => {
  const lines = await printed<Line>('broken-parsers.ts', '900');
  expect(lines.map(({ parser, found }) => [parser, found.length > 0])).toEqual(
    lines.map(({ parser }) => [parser, true]),
  );
  expect(lines.length).toBeGreaterThan(1);
}, 60_000);

test('the same seed does the same', async () => {
  const args = ['--parser', 'uri', '--seed', 'again', '--executions', '1000', '--json'];
  const [[first], [second]] = await Promise.all([
    printed<object>('main.ts', ...args),
    printed<object>('main.ts', ...args),
  ]);
  expect({ ...first, seconds: 0 }).toEqual({ ...second, seconds: 0 });
}, 60_000);

test('a finding is made as short and plain as it can be', () => {
  const isBad = (input: Buffer): boolean => /<.*>.*!/s.test(input.toString('latin1'));
  expect(reduced(Buffer.from('To: "Ada" <sip:101@perch.example>;tag=1!2'), isBad).toString()).toBe('<>!');
  expect(reduced(Buffer.from('\x01\x02x'), ({ length }) => length === 3).toString()).toBe('aaa');
});

test('what loops for ever is interrupted', () => {
  let isOn = true;
  const forEver = (): void => {
    try {
      for (; isOn;);
    } catch {
      isOn = false;
    }
  };
  expect(endsIn(50, forEver)).toBe(false);
  expect(endsIn(60_000, () => undefined)).toBe(true);
  expect(isOn).toBe(true);
});
