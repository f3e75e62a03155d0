import { FEATURE_CODES, type Party } from '@perch/shared';
import { m } from '../../words/messages.svelte.ts';
import type { ActiveCall } from '../calls/active-call.svelte.ts';
import type { Calls } from '../calls/calls.svelte.ts';
import { isTalk } from '../calls/parties/talk.ts';
import { type CutCall, keepCutCalls, takeCutCalls } from '../calls/survival/cut-calls.ts';
import type { Notices } from './notices.svelte.ts';
import { nameOf } from '../sentences.ts';

export interface PageEndParts {
  readonly calls: Pick<Calls, 'all'>;
  readonly notices: Pick<Notices, 'show'>;
  /** Is there something unfinished here that has been neither used nor discarded? */
  readonly isUnfinished: () => boolean;
  /** The other side of a call, where this browser may keep it: on a personal phone, of its owner. */
  readonly nameable: (call: ActiveCall) => Party | null;
  /** May this page now name the other side of a call? */
  readonly mayName: () => boolean;
  /** When the stay of the guest here began, by the server's clock; `null` where there is none. */
  readonly stay: () => number | null;
  /** Does that call go on? */
  readonly isLive: (id: string) => boolean;
  readonly dial: (number: string) => void;
  /** Is this a page that only a PIN lets somebody leave? */
  readonly isLocked: () => boolean;
}

/** What is lost when a page is closed or reloaded: the browser asks before, and the next page reports it. */
export class PageEnd {
  readonly #terminal: string;
  readonly #parts: PageEndParts;
  /** The calls that the previous page cut off, until they have been reported. */
  #cut: readonly CutCall[];
  #isReloading = false;

  constructor(terminal: string, parts: PageEndParts) {
    this.#terminal = terminal;
    this.#parts = parts;
    this.#cut = takeCutCalls(terminal);
  }

  /** Would something be lost if this page were closed now? A ringing call would ring again. */
  get wouldLose(): boolean {
    const { calls, isUnfinished } = this.#parts;
    return calls.all.some(({ state }) => state.kind !== 'offered') || isUnfinished();
  }

  /** Does the browser ask before it leaves this page? A locked one comes back by itself as it was, if nobody is asked. */
  get asksFirst(): boolean {
    return this.wouldLose || (this.#parts.isLocked() && !this.#isReloading);
  }

  /** Loads the page anew, without a question. */
  readonly reload = (): void => {
    this.#isReloading = true;
    location.reload();
  };

  /** The page is closed, and its calls with it; `isKept` where the browser may restore it from its cache. */
  leave(isKept: boolean): void {
    if (isKept) return;
    const { calls, nameable, stay } = this.#parts;
    const cut = calls.all.filter((call) => (isTalk(call) || call.isCenter) && !call.isInherited);
    keepCutCalls(
      this.#terminal,
      cut.map((call) => {
        const code = codeOf(call);
        return { id: call.id, with: code === null ? nameable(call) : null, stay: stay(), code };
      }),
    );
  }

  /** It is known who is here, and which calls go on: reports once the calls that the previous page cut off, if they were theirs. */
  tell(): void {
    const theirs = this.#cut.filter(
      ({ id, stay, code }) =>
        // A call with the server is over with its page, even where it is not yet gone.
        stay === this.#parts.stay() && (id === null || code !== null || !this.#parts.isLive(id)),
    );
    this.#cut = [];
    for (const cut of theirs) this.#tellOf(cut);
  }

  #tellOf({ with: other, code }: CutCall): void {
    const { notices, mayName, dial } = this.#parts;
    if (code !== null) {
      const again = { label: m.dial_again({ code }), run: () => dial(code) };
      notices.show(m.visit_cut_by_reload({ code }), 'plain', again);
      return;
    }
    if (other === null || !mayName()) {
      notices.show(m.call_cut_by_reload());
      return;
    }
    const { number } = other;
    notices.show(m.call_with_cut_by_reload({ who: nameOf(other) }), 'plain', {
      label: m.call_back(),
      run: () => dial(number),
    });
  }
}

/** The code of the service of the server that a call is with; nothing that was typed behind it is kept. */
function codeOf(call: ActiveCall): string | null {
  if (call.isCenter) return FEATURE_CODES.center;
  if (call.isVoicemail) return FEATURE_CODES.voicemail;
  return call.isEcho ? FEATURE_CODES.echo : null;
}
