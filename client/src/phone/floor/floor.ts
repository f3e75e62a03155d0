import type { FloorLine } from '@perch/shared';
import { troublesOf } from './troubles.ts';
import { fits } from '../numbers/name-search.ts';

/** What the floor can be narrowed to. A terminal can be several at once: taken, and in a call. */
export const FLOOR_STATES = [
  'taken',
  'talking',
  'ringing',
  'free',
  'homeless',
  'away',
  'offline',
  'code-locked',
  'trouble',
] as const;
export type FloorState = (typeof FLOOR_STATES)[number];

export interface FloorFilter {
  /** `null` for all. */
  readonly state: FloorState | null;
  /** `null` for all, `''` for those of no group. */
  readonly group: string | null;
  /** Part of a number or a name: of the terminal, or of the guest there. */
  readonly sought: string;
}

export const EVERYTHING: FloorFilter = { state: null, group: null, sought: '' };

/** Can no call reach the terminal, though it should? */
const isOutOfReach = ({ registered, suspended }: FloorLine): boolean => !registered && !suspended;

/** Could somebody be moved there now? */
export const isFree = ({ kind, occupancy, registered, suspended, call }: FloorLine): boolean =>
  kind === 'station' && occupancy.kind === 'owner' && registered && !suspended && call === null;

/** A person whose calls ring nowhere, because somebody else is on their phone. A station is there for that. */
export const isHomeless = ({ kind, whereabouts }: FloorLine): boolean =>
  kind === 'person' && whereabouts.kind === 'homeless';

export function isIn(state: FloorState, line: FloorLine, now: number): boolean {
  switch (state) {
    case 'taken':
      return line.occupancy.kind === 'guest';
    case 'talking':
    case 'ringing':
      return line.call?.state === state;
    case 'free':
      return isFree(line);
    case 'homeless':
      return isHomeless(line);
    case 'away':
      return line.occupancy.kind === 'locked';
    case 'offline':
      return isOutOfReach(line);
    case 'code-locked':
      return Math.max(codeLocksEnd(line), line.pinLockedUntil ?? 0) > now;
    case 'trouble':
      // An older page loads the new one by itself.
      return troublesOf(line, line.page?.version ?? '').length > 0;
  }
}

/** When the locks of wrong codes have ended, of the extension and of its terminal: milliseconds since 1970, 0 where there is none. */
export const codeLocksEnd = ({ guessing }: FloorLine): number =>
  Math.max(guessing.lockedUntil ?? 0, guessing.terminalLockedUntil ?? 0);

/** How many terminals are in each state. */
export function countStates(lines: readonly FloorLine[], now: number): Readonly<Record<FloorState, number>> {
  const counts = Object.fromEntries(FLOOR_STATES.map((state) => [state, 0])) as Record<FloorState, number>;
  for (const line of lines) for (const state of FLOOR_STATES) if (isIn(state, line, now)) counts[state] += 1;
  return counts;
}

/** The groups that there are, in the order of their names. */
export const groupsOf = (lines: readonly FloorLine[]): readonly string[] =>
  [...new Set(lines.flatMap(({ group }) => group ?? []))].sort((a, b) => a.localeCompare(b));

/** Those of a group, and with that number or name. */
export function soughtIn(lines: readonly FloorLine[], { group, sought }: FloorFilter): readonly FloorLine[] {
  const text = sought.trim();
  if (group === null && text === '') return lines;
  return lines.filter(
    (line) => (group === null || (line.group ?? '') === group) && (text === '' || isSought(line, text)),
  );
}

function isSought({ number, name, occupancy }: FloorLine, text: string): boolean {
  const parties = [{ number, name }, ...(occupancy.kind === 'guest' ? [occupancy.guest] : [])];
  return parties.some((one) => fits(one, text));
}

/** Those in a state; all, where it is `null`. */
export const inState = (
  lines: readonly FloorLine[],
  state: FloorState | null,
  now: number,
): readonly FloorLine[] => (state === null ? lines : lines.filter((line) => isIn(state, line, now)));

/** By what a list of extensions can be sorted. */
export const ORDERS = ['number', 'name', 'group', 'allows', 'code', 'line'] as const;
export type Order = (typeof ORDERS)[number];

type SortedBy = (line: FloorLine) => string | number;
const SORTED_BY: Readonly<Record<Exclude<Order, 'number'>, SortedBy>> = {
  name: ({ name }) => name,
  group: ({ group }) => group ?? '\uffff',
  allows: ({ allowVirtualization }) => Number(!allowVirtualization),
  code: ({ hasSecretCode }) => Number(!hasSecretCode),
  line: ({ suspended, registered }) => (suspended ? 2 : registered ? 0 : 1),
};

/** In this order, then in that of their numbers, in which they come. */
export function sorted(lines: readonly FloorLine[], order: Order, descending: boolean): readonly FloorLine[] {
  if (order === 'number') return descending ? lines.toReversed() : lines;
  const by = SORTED_BY[order];
  const collator = new Intl.Collator(undefined, { numeric: true });
  const keyed = lines.map((line) => [by(line), line] as const);
  const sign = descending ? -1 : 1;
  keyed.sort(([a], [b]) =>
    typeof a === 'number' && typeof b === 'number'
      ? sign * (a - b)
      : sign * collator.compare(String(a), String(b)),
  );
  return keyed.map(([, line]) => line);
}
