import type { Party } from '@perch/shared';
import { m } from '../paraglide/messages.js';
import type { ActiveCall } from './active-call.svelte.ts';
import type { CallDesk } from './call-desk.svelte.ts';
import { type CutCall, keepCutCall, takeCutCall } from './cut-call.ts';
import type { Notices } from './notices.svelte.ts';
import { nameOf } from './sentences.ts';

export interface PageEndParts {
  readonly desk: Pick<CallDesk, 'current' | 'talking'>;
  readonly notices: Pick<Notices, 'show'>;
  /** Has somebody made something here that nobody has used or discarded? */
  readonly isUnfinished: () => boolean;
  /** The other side of a call, where this browser may keep it: on a personal phone, of its owner. */
  readonly nameable: (call: ActiveCall) => Party | null;
  /** May this page say now whom a call was with? */
  readonly mayName: () => boolean;
  readonly dial: (number: string) => void;
}

/** What a page that is closed or loaded anew takes with it: asked about before, and told of afterwards. */
export class PageEnd {
  readonly #terminal: string;
  readonly #parts: PageEndParts;
  /** The call that the page before this one has cut off, until it has been told of. */
  #cut: CutCall | null;

  constructor(terminal: string, parts: PageEndParts) {
    this.#terminal = terminal;
    this.#parts = parts;
    this.#cut = takeCutCall(terminal);
  }

  /** Would something be lost if this page went now? What rings comes again. */
  get wouldLose(): boolean {
    const { desk, isUnfinished } = this.#parts;
    return (desk.current !== null && desk.current.state.kind !== 'offered') || isUnfinished();
  }

  /** The page goes, and with it the call. */
  leave(): void {
    const { desk, nameable } = this.#parts;
    if (desk.talking === null || desk.talking.isVoicemail) return;
    keepCutCall(this.#terminal, { with: nameable(desk.talking) });
  }

  /** It is known who is here: says once what the page before this one has cut off. */
  tell(): void {
    const { notices, mayName, dial } = this.#parts;
    const cut = this.#cut;
    this.#cut = null;
    if (cut === null) return;
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
