import { callId, type CallId, type CallView, type Party } from '@perch/shared';
import { focusAmong } from '../../phone/calls/focus.ts';
import { type CallIdentity, localCallId, type LocalCallId } from '../../phone/calls/identity.ts';
import { rings, SILENCE_MS } from '../../phone/calls/ring-policy.ts';
import { shouldHear } from '../../phone/calls/sound-path.ts';
import { switchTo } from '../../phone/calls/switching.ts';
import type { CallSession } from '../../sip/session.ts';
import { ActiveCall } from './active-call.svelte.ts';
import { isTalk, switchedOf } from './parties/talk.ts';
import type { DialogueEvent } from './call-dialogue.svelte.ts';
import { type CallParts, refuseToInvite } from './call-parts.ts';
import type { CallsParts } from './calls-parts.ts';

/** How long to wait for the CANCEL, which gives the reason, once the server says that a call no longer rings (milliseconds). */
const CANCEL_MS = 1_000;

/** The calls of this phone. The page shows the one that has the focus; what the server says belongs to the call that it names. */
export class Calls {
  /** Oldest first. */
  all: readonly ActiveCall[] = $state.raw([]);
  #focus: LocalCallId | null = $state.raw(null);
  readonly #parts: CallsParts;
  #made = 0;
  /** What the server has said of calls that are not known here, while a call of ours waits for its id: it may be about that one. */
  #unclaimed: readonly { readonly id: CallId; readonly said: DialogueEvent }[] = [];

  constructor(parts: CallsParts) {
    this.#parts = parts;
  }

  /** The call that the page shows. */
  get focused(): ActiveCall | null {
    return this.all.find(({ identity }) => identity.local === this.#focus) ?? null;
  }

  /** The ringing call that the page shows, while the server confirms that it rings. */
  get ringing(): ActiveCall | null {
    const { focused } = this;
    return focused?.state.kind === 'offered' && this.#stillRings(focused) ? focused : null;
  }

  /** The calls that ring while the page shows another one, as long as the server confirms that they do; oldest first. */
  get waiting(): readonly ActiveCall[] {
    const { focused } = this;
    return this.all.filter(
      (call) => call !== focused && call.state.kind === 'offered' && this.#stillRings(call),
    );
  }

  /** The calls with people beside the one that the page shows, oldest first. */
  get others(): readonly ActiveCall[] {
    const { focused } = this;
    return this.all.filter((call) => call !== focused && isTalk(call));
  }

  /** The call to a person or station that the page shows, from the first ringback to the end. */
  get talking(): ActiveCall | null {
    const { focused } = this;
    return focused !== null && isTalk(focused) ? focused : null;
  }

  /** Is the Virtualization Center on the line? */
  get atCenter(): boolean {
    return this.focused?.isCenter === true;
  }

  get isFull(): boolean {
    return this.all.length >= this.#parts.most;
  }

  byId(id: CallId): ActiveCall | undefined {
    return this.all.find((call) => call.id === id);
  }

  /** The call as the server sees it; `undefined` until it has named it. */
  viewOf({ id }: ActiveCall): CallView | undefined {
    return id === null ? undefined : this.#parts.lastWord().calls.find((view) => view.id === id);
  }

  isConference(call: ActiveCall): boolean {
    return (this.viewOf(call)?.conference ?? null) !== null;
  }

  /**
   * The extension as which this side takes part, which may have left the terminal by now. None in a call with the server: it is not
   * about a person who has left, and a page shows nothing of an earlier guest.
   */
  selfIn(call: ActiveCall): CallView['as'] | null {
    return call.isWithServer ? null : (this.viewOf(call)?.as ?? null);
  }

  /** Which side has put the other on hold. The signalling is the first to know; after a new session only the server does. */
  holdOf(call: ActiveCall): CallView['hold'] {
    const { here, there } = call.hold;
    return { here, there: there || (this.viewOf(call)?.hold.there ?? false) };
  }

  /** Only a call that has been answered can be put on hold. */
  readonly toggleHold = (call: ActiveCall): void => {
    const { here } = call.hold;
    if (call.since !== null && (here || !this.#parts.inEmergency())) call.setHold(!here);
  };

  /** Answers it, and puts the other call on hold. */
  readonly answer = (call: ActiveCall): void => {
    if (call.state.kind !== 'offered') return;
    this.#switchTo(call);
    call.answer();
  };

  /** Speaks in this call, and puts the other one on hold. */
  readonly resume = (call: ActiveCall): void => {
    if (!this.#parts.inEmergency()) this.#switchTo(call);
  };

  /** The page shows this call from now on. */
  focus(call: ActiveCall): void {
    this.#focus = call.identity.local;
  }

  /** `waiting`: who waits in the slot that the number picks up. */
  place(number: string, waiting: Party | null = null): void {
    if (this.isFull) return;
    this.#makeWay(null);
    const call = this.#call(null, { number, waiting }, (microphone) =>
      this.#parts.invite(number, microphone),
    );
    this.#add(call);
    this.focus(call);
  }

  /** Goes on here with a call that has lost its page, or that its person has at another phone. */
  takeUp(view: CallView, { since, muted }: { readonly since: number; readonly muted: boolean }): void {
    const id = callId(view.id);
    if (this.isFull || this.byId(id) !== undefined) return;
    const call = this.#call(id, { taken: view, since, muted }, ({ stream }) =>
      this.#parts.takeUp(view.as.number, id, stream),
    );
    call.isInherited = view.as.number !== this.#parts.speaker();
    this.#add(call);
    if (!view.hold.here) this.#switchTo(call);
  }

  offer(session: CallSession): void {
    const earlier = session.id === null ? undefined : this.byId(session.id);
    if (earlier?.answerAgain(session)) return;
    // It rings here once more: the flow on which it rang before is gone.
    if (earlier?.direction === 'incoming') earlier.withdraw('moved');
    if (this.isFull || this.atCenter || this.#parts.inEmergency()) session.reject(486);
    else this.#add(this.#call(session.id, { offered: session }));
  }

  /** What the server says in one call that it answers itself; `false` where that call is not known here. */
  hear(id: CallId, said: DialogueEvent): boolean {
    const call = this.byId(id);
    if (call !== undefined) call.dialogue.hear(said);
    else if (this.#awaitsName) this.#unclaimed = [...this.#unclaimed, { id, said }];
    return call !== undefined;
  }

  /** Ringing calls have lost their flow, or the server has forgotten them: they can no longer be answered. */
  discardRinging(): void {
    for (const call of this.all) call.withdraw('connection');
  }

  /** Ends a ring that the server no longer confirms, once its CANCEL has had time to give the reason. */
  dropStaleRings(): void {
    const { now } = this.#parts.clock;
    for (const call of this.all) {
      if (call.state.kind !== 'offered' || this.#stillRings(call)) {
        call.staleSince = null;
        continue;
      }
      call.staleSince ??= now;
      if (now - call.staleSince >= CANCEL_MS)
        call.withdraw(now - this.#parts.lastWord().heardAt < SILENCE_MS ? 'there' : 'connection');
    }
  }

  /** `atOnce`: as soon as its loss was noticed. */
  lineRestored(atOnce: boolean): void {
    for (const call of this.all) call.lineRestored(atOnce);
  }

  hangUp(): void {
    for (const call of this.all) call.hangUp();
  }

  /** Another person is here, or none: calls that are under way are not theirs. */
  inherit(): void {
    for (const call of this.all) {
      call.dialogue.forget();
      if (isTalk(call)) call.isInherited = true;
    }
  }

  #switchTo(call: ActiveCall): void {
    this.#makeWay(call);
    this.focus(call);
  }

  /** For `next`, or for a call that is about to be made. */
  #makeWay(next: ActiveCall | null): void {
    const { hold, resume, hangUp } = switchTo(this.all.map(switchedOf), next?.identity.local ?? null);
    for (const call of this.all) {
      const { local } = call.identity;
      if (hold.includes(local)) call.setHold(true);
      else if (resume.includes(local)) call.setHold(false);
      else if (hangUp.includes(local)) call.hangUp();
    }
  }

  /** Is there a call of ours that the server has not named yet? */
  get #awaitsName(): boolean {
    return this.all.some(({ identity }) => identity.kind === 'local');
  }

  #stillRings({ startedAt, id }: ActiveCall): boolean {
    return rings({ since: startedAt, id }, this.#parts.lastWord(), this.#parts.clock.now);
  }

  #call(
    id: CallId | null,
    target: ConstructorParameters<typeof ActiveCall>[1],
    invite: CallParts<ActiveCall>['invite'] = refuseToInvite,
  ): ActiveCall {
    const { sound, settings, now, session, iceServers, serverIsLate, askLine, onMicrophone } = this.#parts;
    const local = localCallId(this.#made++);
    const identity: CallIdentity = id === null ? { kind: 'local', local } : { kind: 'named', local, id };
    return new ActiveCall(identity, target, {
      sound,
      settings,
      now,
      session: session(),
      iceServers,
      surroundings: (call) => ({
        withServer: call.isWithServer || this.isConference(call),
        serverIsLate: serverIsLate(),
      }),
      invite,
      shouldHear: (call) => shouldHear(this.holdOf(call), this.viewOf(call)?.otherSide),
      askLine,
      inviteAnew: ({ id, number }, stream) => this.#parts.takeUp(number, id, stream),
      onMicrophone,
      onNamed: (call) => this.#onNamed(call),
      onOver: (call) => this.#onOver(call),
    });
  }

  #add(call: ActiveCall): void {
    this.#change([...this.all, call]);
  }

  #onNamed(call: ActiveCall): void {
    for (const { id, said } of this.#unclaimed) if (id === call.id) call.dialogue.hear(said);
    this.#unclaimed = this.#unclaimed.filter(({ id }) => this.#awaitsName && id !== call.id);
  }

  #onOver(call: ActiveCall): void {
    this.#change(this.all.filter((other) => other !== call));
    if (!this.#awaitsName) this.#unclaimed = [];
    this.#parts.onOver(call);
  }

  #change(all: readonly ActiveCall[]): void {
    this.all = all;
    const focusable = all.map(({ identity: { local }, state }) => ({
      local,
      isOffered: state.kind === 'offered',
    }));
    this.#focus = focusAmong(focusable, this.#focus);
  }
}
