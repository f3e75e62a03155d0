import { assertNever, type PromptId, type Utterance } from '@perch/shared';
import type { Greeting } from '../../../voicemail/ports.ts';
import { say } from './parting.ts';
import {
  after,
  type Effect,
  type Event,
  type MailboxSight,
  type Step,
  type Take,
  type Walk,
} from './visit.ts';
import { listenForKeys, resume, sayAgain } from './walk.ts';

type At<Kind extends Take['kind']> = Extract<Take, { kind: Kind }>;

/** After this many in a row that are too short, recording is given up. */
const MOST_SHORT = 3;
const MENU: Utterance = [{ prompt: 'greeting-menu' }];
const DISCARD: Effect = { kind: 'discard-recording' };

/** Asks for a greeting, then the beep. An earlier recording that is not in use is deleted. */
export function recordGreeting(walk: Walk, short = 0): Step {
  const first: Utterance = short > 0 ? [{ prompt: 'greeting-too-short' }] : [];
  const asked = say([...first, { prompt: 'record-greeting' }, { prompt: 'beep' }]);
  return taking(walk, { kind: 'asked', short }, [DISCARD, { kind: 'prepare-recording' }, ...asked]);
}

/** Handles events while a greeting is recorded, and until it is in use or discarded. */
export function atGreeting(walk: Walk, take: Take, event: Event, mailbox: MailboxSight): Step {
  switch (take.kind) {
    case 'asked':
      return asked(walk, take, event, mailbox);
    case 'recording':
      return recording(walk, take, event, mailbox);
    case 'keeping':
      return keeping(walk, take, event, mailbox);
    case 'listening':
      if (event.kind === 'spoken') return offer(walk, take.recorded);
      if (event.kind === 'unplayable') return keepOld(walk, mailbox, 'try-again-later');
      return chosen(walk, take, event, mailbox);
    case 'menu':
      if (event.kind === 'spoken') return taking(walk, take, listenForKeys);
      if (event.kind === 'timeout') return offerAgain(walk, take);
      return chosen(walk, take, event, mailbox);
    case 'saving':
      if (event.kind === 'done') return resume(walk, mailbox, [{ prompt: 'greeting-saved' }]);
      if (event.kind === 'failed') return keepOld(walk, mailbox, 'try-again-later');
      return taking(walk, take);
    default:
      return assertNever(take);
  }
}

/** The call ends, or goes on elsewhere: a recording that is not in use is deleted. */
export function discardOf(take: Take): readonly Effect[] {
  return take.kind === 'saving' ? [] : [DISCARD];
}

function asked(walk: Walk, take: At<'asked'>, event: Event, mailbox: MailboxSight): Step {
  if (event.kind === 'spoken') return taking(walk, { ...take, kind: 'recording' }, [{ kind: 'record' }]);
  if (event.kind === 'unrecordable') return keepOld(walk, mailbox, 'no-recording-now');
  if (event.kind !== 'digit') return taking(walk, take);
  if (event.digit === '*') return keepOld(walk, mailbox);
  return taking(walk, take, event.digit === '#' ? say([{ prompt: 'beep' }]) : []);
}

function recording(walk: Walk, take: At<'recording'>, event: Event, mailbox: MailboxSight): Step {
  if (event.kind === 'unrecordable') return keepOld(walk, mailbox, 'no-recording-now');
  const isOver = event.kind === 'record-ended' || (event.kind === 'digit' && event.digit === '#');
  return isOver
    ? taking(walk, { ...take, kind: 'keeping' }, [{ kind: 'stop-recording' }])
    : taking(walk, take);
}

function keeping(walk: Walk, take: At<'keeping'>, event: Event, mailbox: MailboxSight): Step {
  if (event.kind === 'unrecordable') return keepOld(walk, mailbox, 'no-recording-now');
  if (event.kind !== 'recorded') return taking(walk, take);
  if (event.greeting) return offer(walk, event.greeting);
  return take.short + 1 < MOST_SHORT ? recordGreeting(walk, take.short + 1) : keepOld(walk, mailbox);
}

function chosen(walk: Walk, take: At<'listening' | 'menu'>, event: Event, mailbox: MailboxSight): Step {
  if (event.kind !== 'digit') return taking(walk, take);
  const greeting = take.recorded;
  switch (event.digit) {
    case '1':
      return taking(walk, { kind: 'listening', recorded: greeting }, [
        { kind: 'stop-timer' },
        { kind: 'play-greeting', greeting },
      ]);
    case '2':
      return taking(walk, { kind: 'saving', recorded: greeting }, [
        { kind: 'stop-timer' },
        { kind: 'interrupt' },
        { kind: 'use-greeting', greeting },
      ]);
    case '0':
      return recordGreeting(walk);
    case '*':
      return keepOld(walk, mailbox);
    default:
      return taking(walk, take);
  }
}

function offer(walk: Walk, recorded: Greeting): Step {
  return taking(walk, { kind: 'menu', recorded, said: 1 }, say(MENU));
}

function offerAgain(walk: Walk, take: At<'menu'>): Step {
  const step = sayAgain(take.said, MENU, (said) => ({ kind: 'greeting', walk, take: { ...take, said } }));
  return step[0].kind === 'parting' ? after([DISCARD], step) : step;
}

/** The old greeting stays; `why` is said where the caller did not ask for that. */
function keepOld(walk: Walk, mailbox: MailboxSight, why?: PromptId): Step {
  return after([DISCARD], resume(walk, mailbox, why ? [{ prompt: why }] : []));
}

function taking(walk: Walk, take: Take, effects: readonly Effect[] = []): Step {
  return [{ kind: 'greeting', walk, take }, effects];
}
