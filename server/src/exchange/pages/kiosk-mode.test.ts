import { extensionId, extensionNumber, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { MemoryDirectory } from '../directory.ts';
import type { Happening } from '../happenings.ts';
import { ada, desk, organization } from '../../management/support/stored.ts';
import { VirtualClock } from '../../world/virtual-clock.ts';
import { KioskMode } from './kiosk-mode.ts';

const other = {
  ...desk,
  id: extensionId('desk-2'),
  number: extensionNumber('202'),
  terminal: terminalId('desk-2'),
};

function open() {
  const happened: Happening[] = [];
  const clock = new VirtualClock(1_000);
  const kiosk = new KioskMode({
    directory: new MemoryDirectory(organization, [ada, desk, other]),
    happened: (happening) => void happened.push(happening),
    clock,
  });
  const told = () => happened.splice(0).map((happening) => 'terminal' in happening && happening.terminal);
  return { kiosk, clock, told };
}

test('each station hears of a change, and phones of persons do not', () => {
  const { kiosk, told } = open();
  kiosk.set(false);
  expect(told()).toEqual([]);
  kiosk.set(true);
  expect([kiosk.isOn, told()]).toEqual([true, [desk.terminal, other.terminal]]);
  kiosk.set(true);
  expect(told()).toEqual([]);
  kiosk.set(false);
  expect([kiosk.isOn, told()]).toEqual([false, [desk.terminal, other.terminal]]);
});

test('a station that takes no PIN is shown as such until its lock ends; others hear nothing of it', async () => {
  const { kiosk, clock, told } = open();
  const until = clock.now() + 500;
  kiosk.setPinLocks({ stations: [{ terminal: desk.terminal, until }], everywhere: null });
  expect(told()).toEqual([desk.terminal]);
  expect([kiosk.pinLockedUntil(desk.terminal), kiosk.pinLockedUntil(other.terminal)]).toEqual([until, null]);
  await clock.advance(499);
  expect(kiosk.pinLockedUntil(desk.terminal)).toBe(until);
  await clock.advance(1);
  expect(kiosk.pinLockedUntil(desk.terminal)).toBeNull();
  kiosk.setPinLocks({ stations: [], everywhere: null });
  expect(told()).toEqual([desk.terminal]);
});

test('where no station takes a PIN, all are shown as such, each until the later of both locks ends', () => {
  const { kiosk, clock, told } = open();
  const [soon, later] = [clock.now() + 500, clock.now() + 900];
  kiosk.setPinLocks({ stations: [{ terminal: desk.terminal, until: later }], everywhere: soon });
  expect(told()).toEqual([desk.terminal, other.terminal]);
  expect([kiosk.pinLockedUntil(desk.terminal), kiosk.pinLockedUntil(other.terminal)]).toEqual([later, soon]);
  kiosk.setPinLocks({ stations: [], everywhere: null });
  expect(told()).toEqual([desk.terminal, other.terminal]);
  expect(kiosk.pinLockedUntil(desk.terminal)).toBeNull();
});
