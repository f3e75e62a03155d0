import type { Party } from '@perch/shared';
import { m } from '../../paraglide/messages.js';
import type { ActiveCall } from '../calls/active-call.svelte.ts';
import type { CallDesk } from '../calls/call-desk.svelte.ts';
import { type CutCall, keepCutCall, takeCutCall } from '../calls/cut-call.ts';
import type { Notices } from './notices.svelte.ts';
import { nameOf } from '../sentences.ts';

export interface PageEndParts {
  readonly desk: Pick<CallDesk, 'current' | 'talking'>;
  readonly notices: Pick<Notices, 'show'>;
  /** Is there something unfinished here that has been neither used nor discarded? */
  readonly isUnfinished: () => boolean;
  /** The other side of a call, where this browser may keep it: on a personal phone, of its owner. */
  readonly nameable: (call: ActiveCall) => Party | null;
  /** May this page now name the other side of a call? */
  readonly mayName: () => boolean;
  /** Was the call begun by the person who is here now? */
  readonly isTheirs: (call: ActiveCall) => boolean;
  /** When the stay of the guest here began, by the server's clock; `null` where there is none. */
  readonly stay: () => number | null;
  readonly dial: (number: string) => void;
}

/** What is lost when a page is closed or reloaded: the browser asks before, and the next page reports it. */
export class PageEnd {
  readonly #terminal: string;
  readonly #parts: PageEndParts;
  /** The call that the previous page cut off, until it has been reported. */
  #cut: CutCall | null;

  constructor(terminal: string, parts: PageEndParts) {
    this.#terminal = terminal;
    this.#parts = parts;
    this.#cut = takeCutCall(terminal);
  }

  /** Would something be lost if this page were closed now? A ringing call would ring again. */
  get wouldLose(): boolean {
    const { desk, isUnfinished } = this.#parts;
    return (desk.current !== null && desk.current.state.kind !== 'offered') || isUnfinished();
  }

  /** The page is closed, and its call with it; `isKept` where the browser may restore it from its cache. */
  leave(isKept: boolean): void {
    const { desk, nameable, isTheirs, stay } = this.#parts;
    const call = desk.talking;
    if (isKept || call === null || call.isVoicemail || !isTheirs(call)) return;
    keepCutCall(this.#terminal, { with: nameable(call), stay: stay() });
  }

  /** It is known who is here: reports the call that the previous page cut off once, if it was theirs. */
  tell(): void {
    const { notices, mayName, stay, dial } = this.#parts;
    const cut = this.#cut;
    this.#cut = null;
    if (cut === null || cut.stay !== stay()) return;
    if (cut.with === null || !mayName()) {
      notices.show(m.call_cut_by_reload());
      return;
    }
    const { number } = cut.with;
    notices.show(m.call_with_cut_by_reload({ who: nameOf(cut.with) }), 'plain', {
      label: m.call_back(),
      run: () => dial(number),
    });
  }
}
