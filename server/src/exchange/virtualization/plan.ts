import { assertNever, type ExtensionId, type StayLimit, type TerminalId } from '@perch/shared';
import type { Answer, Event, NumberDialled, OfExtension } from './event.ts';
import { bucketsAfterRefusal, emptiedBuckets, type Bucket } from './guessing.ts';
import {
  afterTheCode,
  beforeTheCode,
  endingByReturn,
  endingOf,
  endingsByDeparture,
  endingsByMove,
} from './policy.ts';
import type { Action, Ending, VirtualizationRecord } from './record.ts';
import type { State } from './state.ts';
import type { Virtualization } from './virtualization.ts';

/** What an event leads to, unless it has to wait. */
export interface Plan {
  readonly answer: Answer;
  readonly endings?: readonly Ending[];
  readonly begun?: readonly Virtualization[];
  readonly buckets?: readonly Bucket[];
  /** The terminals whose pages show it: the one on which it was done, or those that somebody elsewhere has changed. */
  readonly shownOn?: readonly TerminalId[];
  /** May anyone at that terminal undo it, for a while? */
  readonly canUndo?: boolean;
  /** Of an end that a limit has set. */
  readonly limit?: StayLimit;
  /** An extension of which something else changed: earlier changes that touch it can no longer be undone. */
  readonly concerns?: ExtensionId;
  readonly record?: VirtualizationRecord;
}

type Of<Kind extends Event['kind']> = Extract<Event, { kind: Kind }>;

export function planOf(state: State, event: Event): Plan {
  const { virtualizations, guesses } = state;
  switch (event.kind) {
    case 'number-dialled':
      return beforeCode(state, event) ?? { answer: { kind: 'code-needed' } };
    case 'code-entered':
      return beforeCode(state, event) ?? afterCode(state, event);
    case 'visit-dropped':
      return { answer: { kind: 'done' }, record: moveRecord(state, event, { result: 'dropped' }) };
    case 'return-asked':
      return returned(state, event);
    case 'undo-asked':
      return undone(state, event);
    case 'return-to-base':
      return returnedToBase(state, event);
    case 'sent':
      return sent(state, event);
    case 'limit-reached':
      return limitReached(state, event);
    case 'suspended': {
      const { extension } = event;
      return {
        ...act(event, 'suspend', endingsByDeparture(virtualizations, extension, 'suspended')),
        concerns: extension,
      };
    }
    case 'deleted': {
      const { extension, terminal } = event;
      const buckets = emptiedBuckets(guesses, extension, terminal);
      return {
        ...act(event, 'delete', endingsByDeparture(virtualizations, extension, 'deleted')),
        buckets,
        concerns: extension,
      };
    }
    case 'disallowed': {
      const { extension, presentGuest } = event;
      const guest = presentGuest === 'return' ? virtualizations.on(extension) : undefined;
      return { ...act(event, 'disallow', endingOf(guest, 'disallowed')), concerns: extension };
    }
    case 'code-replaced':
      return act(event, 'replace-code', []);
    case 'lock-lifted':
      return {
        ...act(event, 'lift-lock', []),
        buckets: emptiedBuckets(guesses, event.extension, event.terminal),
      };
    default:
      return assertNever(event);
  }
}

/** `undefined` where a code is needed. */
function beforeCode(state: State, event: NumberDialled): Plan | undefined {
  const decision = beforeTheCode(state.virtualizations, event);
  switch (decision.kind) {
    case 'already-here': {
      const { extension } = decision;
      return {
        answer: { kind: 'already-here', extension },
        record: moveRecord(state, event, { result: 'accepted', extension }),
      };
    }
    case 'claim': {
      const { extension, endings } = decision;
      return {
        answer: { kind: 'claimed', extension },
        endings,
        shownOn: [event.terminal],
        canUndo: !leaves(event.owner, endings),
        record: moveRecord(state, event, { result: 'accepted', extension, endings }),
      };
    }
    case 'not-allowed':
      return {
        answer: { kind: 'not-allowed' },
        record: moveRecord(state, event, { result: 'not-allowed' }),
      };
    case 'ask-for-code':
      return undefined;
    default:
      return assertNever(decision);
  }
}

function afterCode(state: State, event: Of<'code-entered'>): Plan {
  const { terminal, owner, target, correct, at, way } = event;
  const decision = afterTheCode(state, event, correct, at);
  if (decision.kind !== 'accepted')
    return {
      answer: { kind: 'wrong-code' },
      buckets: bucketsAfterRefusal(state.guesses, terminal, target, at),
      record: moveRecord(state, event, { result: decision.kind }),
    };
  const { extension } = decision;
  const endings = endingsByMove(state.virtualizations, extension, owner);
  return {
    answer: { kind: 'accepted', extension },
    endings,
    begun: [{ virtual: extension, base: owner, since: at, by: way }],
    shownOn: [terminal],
    canUndo: true,
    record: moveRecord(state, event, { result: 'accepted', endings }),
  };
}

function returned(state: State, event: Of<'return-asked'>): Plan {
  const { terminal, owner, way } = event;
  const ending = endingByReturn(state.virtualizations, owner);
  const previousGuest = guestOf(state, owner);
  const about = { ...blankRecord, at: event.at, action: 'return', way, terminal, previousGuest } as const;
  if (!ending)
    return { answer: { kind: 'nothing-to-return' }, record: { ...about, result: 'nothing-to-do' } };
  const extension = ending.virtualization.virtual;
  return {
    answer: { kind: 'returned', extension },
    endings: [ending],
    shownOn: [terminal],
    canUndo: !leaves(owner, [ending]),
    record: { ...about, extension, endings: [ending] },
  };
}

function returnedToBase({ virtualizations }: State, event: Of<'return-to-base'>): Plan {
  const { extension, way, left } = event;
  const endings = endingOf(virtualizations.of(extension), 'returned');
  const { record, ...plan } = act(event, 'return', endings);
  if (endings.length === 0)
    return { answer: { kind: 'not-virtual' }, record: { ...record, way, result: 'nothing-to-do' } };
  return {
    ...plan,
    answer: { kind: 'returned', extension },
    shownOn: left === undefined ? [] : [left],
    record: { ...record, way },
  };
}

/** Nobody is put out by it: a terminal with a guest takes no other. */
function sent({ virtualizations }: State, event: Of<'sent'>): Plan {
  const { at, extension, to, allowed, left } = event;
  const guest = virtualizations.on(to.owner)?.virtual;
  if (guest === extension) return { answer: { kind: 'already-here', extension } };
  if (guest !== undefined) return { answer: { kind: 'occupied' } };
  if (!allowed || extension === to.owner) return { answer: { kind: 'not-allowed' } };
  const endings = endingsByMove(virtualizations, extension, to.owner);
  const { record, ...plan } = act(event, 'move', endings);
  return {
    ...plan,
    answer: { kind: 'accepted', extension },
    begun: [{ virtual: extension, base: to.owner, since: at, by: 'administrator' }],
    shownOn: [to.terminal, ...(left === undefined ? [] : [left])],
    record: { ...record, terminal: to.terminal },
  };
}

/** Told at the desk, and at the guest's own phone where nobody else sits. */
function limitReached({ virtualizations }: State, event: Of<'limit-reached'>): Plan {
  const { at, extension, since, limit, over, left, home } = event;
  const stay = virtualizations.of(extension);
  if (!over || stay?.since !== since) return { answer: { kind: 'nothing-to-return' } };
  const shownOn = [left, virtualizations.on(extension) ? undefined : home];
  return {
    answer: { kind: 'returned', extension },
    endings: endingOf(stay, limit),
    shownOn: shownOn.filter((terminal) => terminal !== undefined),
    limit,
    record: {
      ...{ ...blankRecord, at, action: 'return', way: 'limit', terminal: left ?? null },
      ...{ extension, endings: endingOf(stay, limit) },
    },
  };
}

/** Leaving a terminal is final: the next person there must not be able to bring the guest back without the code. */
const leaves = (owner: ExtensionId, endings: readonly Ending[]): boolean =>
  endings.some(({ virtualization }) => virtualization.base === owner);

function undone(state: State, event: Of<'undo-asked'>): Plan {
  const { terminal, owner, at } = event;
  const undoable = state.undoable.get(terminal);
  const previousGuest = guestOf(state, owner);
  const about = { ...blankRecord, at, action: 'undo', way: 'web', terminal, previousGuest } as const;
  if (!undoable?.canUndo || at >= undoable.until)
    return { answer: { kind: 'nothing-to-undo' }, record: { ...about, result: 'nothing-to-do' } };
  const endings = undoable.begun.flatMap((one) => endingOf(one, 'undone'));
  const extension = [...undoable.begun, ...undoable.ended][0]?.virtual ?? null;
  return {
    answer: { kind: 'undone' },
    endings,
    begun: undoable.ended,
    record: { ...about, extension, endings },
  };
}

/** Something that was done to an extension by somebody who manages it. */
function act(event: OfExtension, action: Action, endings: readonly Ending[]) {
  const { at, extension, who } = event;
  return {
    answer: { kind: 'done' },
    endings,
    record: { ...blankRecord, at, action, way: 'administrator', who, extension, endings },
  } as const;
}

function moveRecord(
  state: State,
  { at, terminal, owner, asked, target, way }: NumberDialled,
  outcome: Pick<VirtualizationRecord, 'result'> & Partial<VirtualizationRecord>,
): VirtualizationRecord {
  const previousGuest = guestOf(state, owner);
  const extension = target ?? null;
  return { ...blankRecord, at, way, terminal, asked, extension, previousGuest, ...outcome };
}

function guestOf({ virtualizations }: State, owner: ExtensionId): ExtensionId | null {
  return virtualizations.on(owner)?.virtual ?? null;
}

const blankRecord: Omit<VirtualizationRecord, 'at'> = {
  action: 'move',
  way: 'dialled',
  who: null,
  terminal: null,
  asked: null,
  extension: null,
  previousGuest: null,
  result: 'accepted',
  endings: [],
};
