import { assertNever, type CenterEvent, type CenterOutcome, type PromptId } from '@perch/shared';

/** A visit to the Virtualization Center as the page follows it. */
export interface Visit {
  /** The extension asked for; empty where `*30` alone asks to return. */
  readonly number: string;
  readonly stage: 'extension' | 'code' | 'done';
  /** The step at which it failed. */
  readonly failedAt: 'extension' | 'code' | null;
  /** What is being said now, in the server's words. */
  readonly text: string;
  /** How many digits of the code the server has counted. */
  readonly entered: number;
  /** Known once a code has been wrong. */
  readonly triesLeft: number | null;
  /** What is being said tells the tries left. */
  readonly saysTries: boolean;
  readonly outcome: CenterOutcome | null;
  readonly open: boolean;
}

export const visitTo = (number: string): Visit => ({
  number,
  stage: 'extension',
  failedAt: null,
  text: '',
  entered: 0,
  triesLeft: null,
  saysTries: false,
  outcome: null,
  open: true,
});

/** One event of the Center's dialogue; `null` is no visit. The event also starts the sound. */
export function follow(visit: Visit | null, event: CenterEvent): Visit | null {
  if (event.kind === 'opened') return visitTo(event.number ?? '');
  if (visit === null) return null;
  switch (event.kind) {
    case 'prompt': {
      const says = (prompt: PromptId): boolean =>
        event.utterance.some((part) => 'prompt' in part && part.prompt === prompt);
      const saysTries = says('wrong-code-two-left') || says('wrong-code-one-left');
      const asked = says('enter-code') ? ({ stage: 'code', entered: 0 } as const) : {};
      return { ...visit, text: event.text, saysTries, ...asked };
    }
    case 'digit':
      return { ...visit, entered: event.entered };
    case 'tries-left':
      return { ...visit, triesLeft: event.tries, entered: 0 };
    case 'outcome':
      return {
        ...visit,
        stage: 'done',
        failedAt: succeeded(event.outcome) || visit.stage === 'done' ? null : visit.stage,
        outcome: event.outcome,
      };
    case 'closed':
      return { ...visit, open: false };
    default:
      return assertNever(event);
  }
}

/** Did the visit do what was asked? */
export const succeeded = (outcome: CenterOutcome): boolean =>
  outcome === 'accepted' || outcome === 'already-here' || outcome === 'claimed' || outcome === 'returned';
