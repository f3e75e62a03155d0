import { expect, test } from 'vitest';
import { MemoryDirectory } from '../directory.ts';
import type { Happening } from '../happenings.ts';
import { ada, desk, organization } from '../../management/support/stored.ts';
import { KioskMode } from './kiosk-mode.ts';

test('each station hears of a change, and phones of persons do not', () => {
  const happened: Happening[] = [];
  const kiosk = new KioskMode({
    directory: new MemoryDirectory(organization, [ada, desk]),
    happened: (happening) => void happened.push(happening),
  });
  kiosk.set(false);
  expect(happened).toEqual([]);
  kiosk.set(true);
  kiosk.set(true);
  expect(kiosk.isOn).toBe(true);
  kiosk.set(false);
  const told = { kind: 'kiosk-mode-changed', terminal: desk.terminal };
  expect(happened).toEqual([told, told]);
});
