import {
  assertNever,
  callId,
  type CallId,
  type CallView,
  type MessageCounts,
  onceEach,
  type PageEvent,
  type Party,
  type TerminalView,
} from '@perch/shared';
import { ownerAt, sessionAt, speakerAt } from '../../phone/page/occupant.ts';
import type { World } from '../../world/world.ts';
import type { DialogueEvent } from '../calls/call-dialogue.svelte.ts';

/** A pulse comes every 5 s: one that is missing after this time is late (milliseconds). */
const LATE_PULSE_MS = 7_000;
/** A pulse that took this much longer than the fastest of the last ones was sent more than once (milliseconds; RFC 6298 §2.4). */
const LATE_MS = 200;
/** With how many earlier pulses one is compared: those of a minute, in which clocks do not drift apart. */
const PULSES = 12;

/** The message lamp, and its extension; `null` on a locked phone. */
export interface Lamp {
  readonly extension: string | null;
  readonly counts: MessageCounts;
}

/** What the server last said about this terminal: nothing here is the browser's own assumption. */
export class ServerWord {
  view: TerminalView | null = $state.raw(null);
  calls: readonly CallView[] = $state.raw([]);
  /** Does it hold the registration of this page's phone? Other phones of the terminal do not count. */
  registered = $state(false);
  /** Since when the server has held no registration, by this browser's clock; `null` while it holds one. */
  unregisteredSince: number | null = $state(null);
  /** `true` from when this page was asleep until the server has said again who is here. */
  doubted = $state(false);
  /** By this browser's clock; `null` until the first word. */
  heardAt: number | null = $state(null);
  /** Add to this browser's time to have the server's (milliseconds). */
  offset = $state(0);
  /** Has it said which calls there are? */
  callsKnown = $state(false);
  /** Another object after each change of the mailbox or of its listener, even where the counts are the same. */
  lamp: Lamp = $state.raw({ extension: null, counts: { new: 0, heard: 0 } });

  /** How long each of the last pulses took, by two clocks that need not agree (milliseconds). */
  #pulses: readonly number[] = [];
  readonly #world: Pick<World, 'now'>;
  readonly #onSaid: (call: CallId, said: DialogueEvent) => void;

  /** `onSaid`: the server says something in a call of this terminal that it answers itself. */
  constructor(world: Pick<World, 'now'>, onSaid: (call: CallId, said: DialogueEvent) => void) {
    this.#world = world;
    this.#onSaid = onSaid;
  }

  /** Who this phone is for right now: its guest, or the owner of a personal phone; `null` on a free station. */
  get speaker(): Party | null {
    return speakerAt(this.view);
  }

  /** The owner of a personal phone who is at home. */
  get owner(): Party | null {
    return ownerAt(this.view);
  }

  /** Identifies the session of the person at this terminal, or that there is none. `null` until the server has said. */
  get session(): string | null {
    return sessionAt(this.view);
  }

  get locked(): boolean {
    return this.view?.occupancy.kind === 'locked';
  }

  get emergencyNumbers(): readonly string[] {
    return this.view?.emergencyNumbers ?? [];
  }

  /** How many new messages the person here has; on a free station, how many its desk has. */
  get newMessages(): number {
    const listener = this.locked ? undefined : (this.speaker ?? this.view?.owner)?.number;
    return this.lamp.extension === listener ? this.lamp.counts.new : 0;
  }

  /** Is the server heard later than usual? Then the line to it is bad. */
  get isLate(): boolean {
    const silence = this.#world.now() - (this.heardAt ?? -Infinity);
    const delay = (this.#pulses.at(-1) ?? 0) - Math.min(...this.#pulses, Infinity);
    return silence > LATE_PULSE_MS || delay > LATE_MS;
  }

  hear(event: PageEvent): void {
    this.heardAt = this.#world.now();
    this.offset = event.at - this.heardAt;
    switch (event.kind) {
      case 'terminal':
        this.view = event.view;
        this.doubted = false;
        break;
      case 'calls':
        this.calls = onceEach(event.calls, ({ id }) => id);
        this.callsKnown = true;
        break;
      case 'center':
        this.#onSaid(callId(event.call), { kind: 'center', event: event.event });
        break;
      case 'mailbox':
        this.lamp = { extension: event.extension, counts: event.counts };
        break;
      case 'voicemail':
        this.#onSaid(callId(event.call), { kind: 'voicemail', event: event.event, at: event.at });
        break;
      case 'pulse':
        this.#pulses = [...this.#pulses.slice(1 - PULSES), -this.offset];
        this.#forgetChange(event.at);
        this.registered = event.registered;
        this.unregisteredSince = event.registered ? null : (this.unregisteredSince ?? this.heardAt);
        break;
      default:
        assertNever(event);
    }
  }

  /** The last change says who was here: once it is shown no longer, the page does not hold it any more. The server does not say so by itself. */
  #forgetChange(now: number): void {
    const { view } = this;
    if (view?.recentChange && view.recentChange.until <= now) this.view = { ...view, recentChange: null };
  }

  /** This page was asleep: earlier messages do not count until the server is heard again. */
  doubt(): void {
    this.heardAt = null;
    this.doubted = true;
  }
}
