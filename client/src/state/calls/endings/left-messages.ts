import type { CallId, Party } from '@perch/shared';
import type { ActiveCall } from '../active-call.svelte.ts';
import type { CutMessage } from '../call-dialogue.svelte.ts';

/** Of how many calls the server may still say that their message is kept: it does so within moments. */
const MOST = 8;

/** The calls in which a message was left here and that are over, until it is known what has become of it. */
export class LeftMessages {
  /** Whose mailbox it is, and how much of the message is sure to be kept if the line cut it off. */
  readonly #left = new Map<CallId, { readonly mailbox: Party; readonly cut: CutMessage | null }>();
  readonly #onKept: (mailbox: Party) => void;

  /** `onKept`: a message that was left here is kept, after its call. */
  constructor(onKept: (mailbox: Party) => void) {
    this.#onKept = onKept;
  }

  /** A call is over. */
  over({ id, dialogue }: ActiveCall): void {
    const { mailbox, cutOff } = dialogue;
    if (id === null || mailbox?.service !== 'deposit' || mailbox.saved) return;
    this.#left.set(id, { mailbox: mailbox.mailbox, cut: cutOff });
    const [oldest] = this.#left.keys();
    if (this.#left.size > MOST && oldest !== undefined) this.#left.delete(oldest);
  }

  /** The server has kept what was said in that call. */
  kept(call: CallId): void {
    const left = this.#left.get(call);
    this.#left.delete(call);
    if (left !== undefined) this.#onKept(left.mailbox);
  }

  /** The messages that were cut off with their calls, returned once: the line is up again, and the server has kept them. */
  takeCut(): readonly CutMessage[] {
    const cuts: CutMessage[] = [];
    for (const [call, { cut }] of this.#left) {
      if (cut === null) continue;
      cuts.push(cut);
      this.#left.delete(call);
    }
    return cuts;
  }

  /** Another person is here, or none. */
  forget(): void {
    this.#left.clear();
  }
}
