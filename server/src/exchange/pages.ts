import type {
  CallView,
  CenterEvent,
  Colleague,
  MessageCounts,
  PageEvent,
  TerminalId,
  TerminalView,
  VoicemailEvent,
} from '@perch/shared';
import type { Lamp } from './message-waiting/message-summary.ts';
import type { Clock } from './ports.ts';

/** How often every open page hears that the server is alive (milliseconds). */
const PULSE_MS = 5_000;
/** Changes within this time reach a page as one (milliseconds): a shift change moves hundreds of people at once. */
const COLLEAGUES_SETTLE_MS = 100;
/**
 * Telling pages of their colleagues gives way to calls: after this long (milliseconds), the rest of the time is theirs
 * until it has taken no more than a fifth. Everybody's state, for everybody, is a lot in a large organization.
 */
const COLLEAGUES_SLICE_MS = 5;
const COLLEAGUES_PAUSE = 4;

/** What pages are told, computed afresh at each change: nothing is kept that could go stale. */
export interface PageSources {
  /** `undefined` where the terminal's owner no longer exists. */
  view(terminal: TerminalId): TerminalView | undefined;
  calls(terminal: TerminalId): readonly CallView[];
  colleagues(terminal: TerminalId): readonly Colleague[];
  /** The message lamp of whoever speaks there; `undefined` where nobody does. */
  lamp(terminal: TerminalId): Lamp | undefined;
  registered(terminal: TerminalId): boolean;
}

export type PageListener = (event: PageEvent) => void;

/** The open pages of an organization's terminals, and what each is told. */
export class Pages {
  readonly #sources: PageSources;
  readonly #clock: Clock;
  readonly #listeners = new Map<TerminalId, Set<PageListener>>();
  #stopPulse: (() => void) | undefined;
  #stopSettling: (() => void) | undefined;
  /** Terminals whose pages are still to hear of their colleagues, in this round. */
  #untold: TerminalId[] = [];
  /** Something has changed since the round began. */
  #stale = false;

  constructor(sources: PageSources, clock: Clock) {
    this.#sources = sources;
    this.#clock = clock;
  }

  /** Tells the page everything at once, then every change; the result ends it. */
  subscribe(terminal: TerminalId, listener: PageListener): () => void {
    const listeners = this.#listeners.get(terminal) ?? new Set();
    this.#listeners.set(terminal, listeners.add(listener));
    for (const event of this.#everythingAbout(terminal)) listener(event);
    this.#stopPulse ??= this.#clock.after(PULSE_MS, this.#pulse);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(terminal) === listeners)
        this.#listeners.delete(terminal);
    };
  }

  terminalChanged(terminal: TerminalId): void {
    const view = this.#listeners.has(terminal) ? this.#sources.view(terminal) : undefined;
    if (view) this.#tell(terminal, { kind: 'terminal', at: this.#clock.now(), view });
  }

  callsChanged(terminal: TerminalId): void {
    if (!this.#listeners.has(terminal)) return;
    this.#tell(terminal, { kind: 'calls', at: this.#clock.now(), calls: [...this.#sources.calls(terminal)] });
  }

  /** Somebody's state changed: whoever shows colleagues is told, within `COLLEAGUES_SETTLE_MS` where pages are few. */
  colleaguesChanged(): void {
    if (this.#listeners.size === 0) return;
    this.#stale = true;
    this.#stopSettling ??= this.#clock.after(COLLEAGUES_SETTLE_MS, this.#tellOfColleagues);
  }

  centerEvent(terminal: TerminalId, event: CenterEvent): void {
    this.#tell(terminal, { kind: 'center', at: this.#clock.now(), event });
  }

  /** Its lamp, or whose lamp it shows, is another now. */
  lampChanged(terminal: TerminalId): void {
    if (this.#listeners.has(terminal)) this.#tell(terminal, this.#mailboxOf(terminal));
  }

  voicemailEvent(terminal: TerminalId, event: VoicemailEvent): void {
    this.#tell(terminal, { kind: 'voicemail', at: this.#clock.now(), event });
  }

  close(): void {
    this.#stopPulse?.();
    this.#stopSettling?.();
    this.#listeners.clear();
  }

  readonly #tellOfColleagues = (): void => {
    this.#stopSettling = undefined;
    const begun = this.#clock.monotonic();
    let spent = 0;
    if (this.#untold.length === 0) {
      this.#untold = [...this.#listeners.keys()];
      this.#stale = false;
    }
    while (spent < COLLEAGUES_SLICE_MS) {
      const terminal = this.#untold.pop();
      if (terminal === undefined) break;
      if (this.#listeners.has(terminal)) this.#tell(terminal, this.#colleaguesOf(terminal));
      spent = this.#clock.monotonic() - begun;
    }
    if (this.#untold.length === 0 && !this.#stale) return;
    const settle = this.#untold.length === 0 ? COLLEAGUES_SETTLE_MS : 0;
    this.#stopSettling = this.#clock.after(
      Math.max(settle, spent * COLLEAGUES_PAUSE),
      this.#tellOfColleagues,
    );
  };

  readonly #pulse = (): void => {
    this.#stopPulse = this.#listeners.size > 0 ? this.#clock.after(PULSE_MS, this.#pulse) : undefined;
    for (const terminal of this.#listeners.keys()) {
      this.#tell(terminal, {
        kind: 'pulse',
        at: this.#clock.now(),
        registered: this.#sources.registered(terminal),
      });
    }
  };

  #everythingAbout(terminal: TerminalId): PageEvent[] {
    const at = this.#clock.now();
    const view = this.#sources.view(terminal);
    return [
      ...(view ? [{ kind: 'terminal', at, view } as const] : []),
      { kind: 'calls', at, calls: [...this.#sources.calls(terminal)] },
      this.#mailboxOf(terminal),
      this.#colleaguesOf(terminal),
      { kind: 'pulse', at, registered: this.#sources.registered(terminal) },
    ];
  }

  #mailboxOf(terminal: TerminalId): PageEvent {
    const { account = null, counts = NO_MESSAGES } = this.#sources.lamp(terminal) ?? {};
    return { kind: 'mailbox', at: this.#clock.now(), extension: account, counts };
  }

  #colleaguesOf(terminal: TerminalId): PageEvent {
    const colleagues = [...this.#sources.colleagues(terminal)];
    return { kind: 'colleagues', at: this.#clock.now(), colleagues };
  }

  #tell(terminal: TerminalId, event: PageEvent): void {
    for (const listener of this.#listeners.get(terminal) ?? []) listener(event);
  }
}

const NO_MESSAGES: MessageCounts = { new: 0, heard: 0 };
