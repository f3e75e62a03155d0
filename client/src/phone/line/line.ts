import { assertNever } from '@perch/shared';
import { pauseAfter } from './back-off.ts';

/** The line to the exchange: one WebSocket and one registration on it. */
export type Line =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'registering'; readonly attempt: number }
  | { readonly kind: 'registered' }
  /** Down: `nextTryAt` is in milliseconds since 1970-01-01 UTC by this browser's clock. */
  | { readonly kind: 'waiting'; readonly attempt: number; readonly nextTryAt: number };

export type LineEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly now: number; readonly chance: number }
  | { readonly kind: 'registered' }
  /** 403, 503 or no answer: JsSIP gives up, so the line has to try again. */
  | { readonly kind: 'registration-failed'; readonly now: number; readonly chance: number }
  /** The pause is over, or the attempt has taken too long; *Try now* was pressed, or the browser says that the network is back. */
  | { readonly kind: 'try' }
  /** The server has not been heard for too long, the network is gone, or the page comes out of the back/forward cache. */
  | { readonly kind: 'doubted' }
  | { readonly kind: 'stop' };

export type LineEffect =
  | { readonly kind: 'connect' }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'try-after'; readonly ms: number }
  /** A call that rang on the lost flow can no longer be answered; the server offers it again. */
  | { readonly kind: 'discard-ringing' };

type Step = readonly [Line, readonly LineEffect[]];

/**
 * How long the first attempts may take, each one more than the one before (milliseconds): what TCP has sent into a network that was away is
 * sent again after ever longer pauses, long after the network is back.
 */
const CONNECT_MS = 5_000;
const LONGEST_CONNECT_MS = 20_000;
/** How long the registrar may take to answer, likewise (milliseconds): SIP itself would wait for 32 s (RFC 3261 §17.1.2.2, timer F). */
const REGISTER_MS = 10_000;
const LONGEST_REGISTER_MS = 30_000;

/** Keeps one registered flow to the exchange, for ever. An event that does not fit the state changes nothing. */
export function step(line: Line, event: LineEvent): Step {
  switch (event.kind) {
    case 'start':
      return line.kind === 'idle' ? connecting(0) : [line, []];
    case 'connected':
      return line.kind === 'connecting' ? registering(line.attempt) : [line, []];
    case 'registered':
      return line.kind === 'registering' ? [{ kind: 'registered' }, []] : [line, []];
    case 'disconnected':
      if (line.kind === 'idle' || line.kind === 'waiting') return [line, []];
      return waiting(line, event.now, event.chance, [{ kind: 'discard-ringing' }]);
    case 'registration-failed':
      if (line.kind !== 'registering' && line.kind !== 'registered') return [line, []];
      return waiting(line, event.now, event.chance, [{ kind: 'discard-ringing' }, { kind: 'disconnect' }]);
    case 'try':
      if (line.kind === 'waiting') return connecting(line.attempt);
      if (line.kind !== 'connecting' && line.kind !== 'registering') return [line, []];
      return connecting(line.attempt + 1, [{ kind: 'disconnect' }]);
    case 'doubted':
      if (line.kind !== 'registered' && line.kind !== 'registering') return [line, []];
      return connecting(1, [{ kind: 'discard-ringing' }, { kind: 'disconnect' }]);
    case 'stop':
      return [{ kind: 'idle' }, line.kind === 'idle' ? [] : [{ kind: 'disconnect' }]];
    default:
      return assertNever(event);
  }
}

function connecting(attempt: number, first: readonly LineEffect[] = []): Step {
  const ms = Math.min(CONNECT_MS * (attempt + 1), LONGEST_CONNECT_MS);
  return [{ kind: 'connecting', attempt }, [...first, { kind: 'connect' }, { kind: 'try-after', ms }]];
}

function registering(attempt: number): Step {
  const ms = Math.min(REGISTER_MS * (attempt + 1), LONGEST_REGISTER_MS);
  return [{ kind: 'registering', attempt }, [{ kind: 'try-after', ms }]];
}

function waiting(line: Line, now: number, chance: number, first: readonly LineEffect[]): Step {
  const attempt = 'attempt' in line ? line.attempt + 1 : 1;
  const ms = pauseAfter(attempt - 1, chance);
  return [{ kind: 'waiting', attempt, nextTryAt: now + ms }, [...first, { kind: 'try-after', ms }]];
}
