import { assertNever, type CenterEvent, type CenterOutcome, type PromptId } from '@perch/shared';

/** What is said in a call to the Virtualization Center, as its page follows it. */
export interface CenterDialogue {
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

export const dialogueAbout = (number: string): CenterDialogue => ({
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

/** One event of the Center's dialogue; `null` before its beginning. The event also starts the sound. */
export function follow(dialogue: CenterDialogue | null, event: CenterEvent): CenterDialogue | null {
  if (event.kind === 'opened') return dialogueAbout(event.number ?? '');
  if (dialogue === null) return null;
  switch (event.kind) {
    case 'prompt': {
      const says = (prompt: PromptId): boolean =>
        event.utterance.some((part) => 'prompt' in part && part.prompt === prompt);
      const saysTries = says('wrong-code-two-left') || says('wrong-code-one-left');
      const asked = says('enter-code') ? ({ stage: 'code', entered: 0 } as const) : {};
      return { ...dialogue, text: event.text, saysTries, ...asked };
    }
    case 'digit':
      return { ...dialogue, entered: event.entered };
    case 'tries-left':
      return { ...dialogue, triesLeft: event.tries, entered: 0 };
    case 'outcome':
      return {
        ...dialogue,
        stage: 'done',
        failedAt: succeeded(event.outcome) || dialogue.stage === 'done' ? null : dialogue.stage,
        outcome: event.outcome,
      };
    case 'closed':
      return { ...dialogue, open: false };
    default:
      return assertNever(event);
  }
}

/** Did it do what was asked? */
export const succeeded = (outcome: CenterOutcome): boolean =>
  outcome === 'accepted' || outcome === 'already-here' || outcome === 'claimed' || outcome === 'returned';
