import { assertNever, type CenterOutcome, type Consequence, type Utterance } from '@perch/shared';
import type { FinalVerdict } from './visit.ts';

/** How a visit ends, and what is said last. */
export interface LastWords {
  readonly outcome: CenterOutcome;
  readonly utterance: Utterance;
  readonly consequences: readonly Consequence[];
}

/** Three wrong codes. */
export const REFUSED: LastWords = {
  outcome: 'refused',
  utterance: [{ prompt: 'goodbye-wrong-code' }],
  consequences: [],
};

/** Silence, three times. */
export const SILENT: LastWords = {
  outcome: 'dropped',
  utterance: [{ prompt: 'goodbye-silence' }],
  consequences: [],
};

const RETURNED_TO = {
  'this-phone': 'desk-is-yours',
  'own-phone': 'returned-home',
  nowhere: 'left-this-phone',
} as const;

/** What is said for a verdict that ends the visit. */
export function lastWordsOn(verdict: FinalVerdict): LastWords {
  switch (verdict.kind) {
    case 'accepted':
      return of(verdict, [{ digits: verdict.number }, { prompt: 'now-on-this-phone' }]);
    case 'already-here':
      return of(verdict, [{ digits: verdict.number }, { prompt: 'already-on-this-phone' }]);
    case 'claimed':
      return of(verdict, [{ digits: verdict.number }, { prompt: 'desk-is-yours' }]);
    case 'returned':
      return of(verdict, [{ digits: verdict.number }, { prompt: RETURNED_TO[verdict.to] }]);
    case 'nothing-to-return':
      return of(verdict, [{ prompt: 'nothing-to-return' }]);
    case 'not-allowed':
      return of(verdict, [{ prompt: 'not-allowed-here' }]);
    case 'failed':
      return of(verdict, [{ prompt: 'try-again-later' }]);
    default:
      return assertNever(verdict);
  }
}

function of(verdict: FinalVerdict, utterance: Utterance): LastWords {
  const consequences = 'consequences' in verdict ? verdict.consequences : [];
  return { outcome: verdict.kind, utterance, consequences };
}
