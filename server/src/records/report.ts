import {
  added,
  type ExtensionId,
  type Figures,
  figuresOf,
  type NamedThen,
  NOTHING,
  type Report,
  type Sums,
} from '@perch/shared';
import type { Additions, CallSums, Known } from './ports.ts';
import { type ReportDays, windowsOf } from './windows.ts';

const HOUR_MS = 3_600_000;

/** Which report. */
export interface ReportAsked extends ReportDays {
  readonly per: 'extension' | 'station';
  /** Only what these have done; `undefined`: everyone. */
  readonly extensions?: readonly ExtensionId[];
}

/** Whose row it is, and what it adds up to. */
interface Row {
  readonly who: NamedThen;
  readonly sums: Sums;
}

/** Calls that reached an extension at no phone have no station. */
const NOWHERE: NamedThen = { number: '', name: '' };

/**
 * The figures of some days. Whatever the rows are about, they are made of the same sums, each of which belongs to one extension at one
 * terminal: so they add up to the same whole.
 */
export async function reportOf(
  additions: Additions,
  { per, extensions, ...days }: ReportAsked,
): Promise<Report> {
  const windows = windowsOf(days);
  const wanted = { windows, ...(extensions && { extensions }) };
  const [calls, stays, everyone] = await Promise.all([
    additions.calls(wanted),
    additions.loggedIn(wanted),
    additions.everyone(),
  ]);
  const byExtension = new Map(everyone.map((known) => [known.extension, known]));
  const byTerminal = new Map(everyone.map((known) => [known.terminal, known]));
  const rows = new Map<string, Row>();
  const add = (extension: string, terminal: string | null, sums: Sums): void => {
    const key = per === 'extension' ? extension : (terminal ?? '');
    const who = (per === 'extension' ? byExtension : byTerminal).get(key);
    const before = rows.get(key)?.sums ?? NOTHING;
    rows.set(key, { who: who ? named(who) : NOWHERE, sums: added(before, sums) });
  };
  for (const { extension, terminal, sums } of calls.pairs) {
    const isGuest = terminal !== null && byExtension.get(extension)?.terminal !== terminal;
    const busyThereMs = isGuest ? sums.talkMs + sums.holdMs : 0;
    add(extension, terminal, { ...NOTHING, ...sums, busyThereMs });
  }
  for (const { extension, terminal, ms } of stays) add(extension, terminal, { ...NOTHING, loggedInMs: ms });
  const hours = windows.reduce((sum, { from, until }) => sum + until - from, 0) / HOUR_MS;
  const sorted = [...rows.values()].sort((one, other) => inOrder(one.who, other.who));
  const whole = sorted.reduce((sum, { sums }) => added(sum, sums), NOTHING);
  return {
    ...{ timeZone: days.timeZone, hours },
    rows: sorted.map(({ who, sums }) => ({ ...who, figures: mutable(figuresOf(sums, hours)) })),
    total: mutable(figuresOf(whole, hours)),
    days: windows.map((window, index) => ({ ...window, ...dayOf(calls.byWindow[index]) })),
  };
}

const named = ({ number, name }: Known): NamedThen => ({ number, name });
const mutable = (figures: Figures): { [name in keyof Figures]: number | null } => ({ ...figures });

function dayOf(sums: CallSums | undefined) {
  const { handled = 0, missed = 0, declined = 0, outgoing = 0 } = sums ?? {};
  return { handled, missed, declined, outgoing };
}

/** By number, those without one last. */
const inOrder = (one: NamedThen, other: NamedThen): number =>
  Number(one.number === '') - Number(other.number === '') || one.number.localeCompare(other.number);
