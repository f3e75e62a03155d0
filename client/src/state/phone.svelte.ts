import { type CallId, colleague, type Colleague, type EnrolledTerminal, type Party } from '@perch/shared';
import { calls as callsService } from '../phone/numbers/dial-string.ts';
import { type Layer, takenBy } from '../phone/page/layers.ts';
import { stayAt } from '../phone/page/occupant.ts';
import { type PageState, pageStateOf } from '../phone/page/page-state.ts';
import { m } from '../words/messages.svelte.ts';
import type { CallSession } from '../sip/session.ts';
import type { World } from '../world/world.ts';
import type { ActiveCall } from './calls/active-call.svelte.ts';
import type { DialogueEvent } from './calls/call-dialogue.svelte.ts';
import { CallTie } from './calls/call-tie.ts';
import { CallEnds } from './calls/endings/call-ends.ts';
import { Calls } from './calls/calls.svelte.ts';
import { CenterEnds } from './calls/endings/center-ends.ts';
import { ParkedCalls } from './calls/parked-calls.svelte.ts';
import { LeftMessages } from './calls/endings/left-messages.ts';
import { PhoneKeys } from './calls/phone-keys.ts';
import { RecordingWatch } from './calls/audio/recording-watch.ts';
import { ForgottenCalls } from './calls/survival/forgotten-calls.ts';
import { TakeUp } from './calls/survival/take-up.svelte.ts';
import { shownParty } from './calls/parties/shown-party.ts';
import { Transfers } from './calls/transfers.svelte.ts';
import { Connection } from './line/connection.svelte.ts';
import { Kiosk } from './kiosk/kiosk.svelte.ts';
import { OwnThings } from './line/own-things.svelte.ts';
import { PageReports } from './line/page-report.ts';
import { ServerWord } from './line/server-word.svelte.ts';
import { TerminalRequests } from './line/terminal-requests.svelte.ts';
import { Topic } from './line/topic.svelte.ts';
import { Mailbox } from './mailbox/mailbox.svelte.ts';
import { Clock } from './page/clock.svelte.ts';
import { DialText } from './page/dial-text.svelte.ts';
import { Faults } from './page/faults.ts';
import { Layers } from './page/layers.svelte.ts';
import { Notices } from './page/notices.svelte.ts';
import { PageEnd } from './page/page-end.ts';
import type { Settings } from './page/settings.svelte.ts';
import { gaveWaySentence, microphoneSentence, nameOf } from './sentences.ts';
import { PageSound } from './sound/page-sound.svelte.ts';

/** How many calls a person can have at once: one to speak in, the others ringing or on hold. */
const MOST_CALLS = 4;

type View = 'keypad' | 'people' | 'recents' | 'voicemail';

/** A terminal in this browser: its calls, what the server says of it, and what belongs to the person at it. */
export class Phone {
  readonly settings: Settings;
  readonly world: World;
  readonly clock: Clock;
  readonly notices = new Notices();
  readonly faults: Faults;
  readonly own = new OwnThings();
  /** Everyone in the organization, for the extension that speaks here, while a part of the page shows them. */
  readonly everyone = new Topic('colleagues', colleague);
  readonly dialText = new DialText(() => this.word.emergencyNumbers);
  readonly layers = new Layers({
    taken: () => this.#taken,
    isUnfinished: (dialog) => dialog === 'mailbox-setup' && this.mailbox.greeting.isUnfinished,
    onClosed: (dialog) => {
      if (dialog === 'mailbox-setup') this.mailbox.greeting.discard();
    },
    onGaveWay: (dialog, to, waits) => this.notices.show(gaveWaySentence(dialog, to, waits)),
  });
  readonly sound: PageSound;
  readonly word: ServerWord;
  readonly connection: Connection;
  readonly calls: Calls;
  readonly tie: CallTie;
  readonly keys: PhoneKeys;
  readonly transfers: Transfers;
  readonly parked: ParkedCalls;
  readonly requests: TerminalRequests;
  readonly reports: PageReports;
  readonly recording: RecordingWatch;
  readonly takeUp: TakeUp;
  readonly forgotten: ForgottenCalls;
  readonly page: PageEnd;
  readonly kiosk: Kiosk;
  /** That of the extension that speaks here now; the next one gets another. */
  mailbox: Mailbox;
  /** What a narrow screen shows, and which list a wide one has beside its keypad. */
  showing: View = $state('keypad');
  readonly #left = new LeftMessages((mailbox) =>
    this.notices.show(m.mailbox_call_saved({ who: nameOf(mailbox) }), 'good'),
  );
  readonly #ends = new CallEnds({
    onElsewhere: (call) => (this.own.elsewhere = [...this.own.elsewhere, call]),
    notices: this.notices,
    onNotReached: (number) => this.dialText.giveBack(number),
  });
  readonly #centerEnds = new CenterEnds({ notices: this.notices, session: () => this.word.session });

  constructor(terminal: EnrolledTerminal, settings: Settings, world: World) {
    this.settings = settings;
    this.world = world;
    const { notices, dialText } = this;
    this.faults = new Faults(terminal.token);
    const word = (this.word = new ServerWord(world, (call, said) => this.#hear(call, said)));
    const clock = (this.clock = new Clock(world));
    const sound = (this.sound = new PageSound(settings));
    const connection = new Connection(terminal, {
      word,
      clock,
      world,
      onOffered: (session) => this.#offer(session),
      onRingingLost: () => this.calls.discardRinging(),
      onRegistered: (atOnce) => this.calls.lineRestored(atOnce),
      inCall: () => this.calls.focused !== null,
    });
    const inEmergency = (): boolean => this.#inEmergency;
    const calls = new Calls({
      most: MOST_CALLS,
      inEmergency,
      settings,
      sound,
      clock,
      now: world.now,
      lastWord: () => ({ heardAt: word.heardAt ?? 0, calls: word.calls }),
      serverIsLate: () => word.isLate,
      session: () => word.session,
      iceServers: () => connection.iceServers,
      invite: (number, { stream }) => connection.invite(number, stream),
      takeUp: (number, id, stream) => connection.invite(number, stream, id),
      askLine: () => void connection.askLine(),
      speaker: () => word.speaker?.number ?? null,
      onMicrophone: (name, why) => notices.show(microphoneSentence(name, why)),
      onOver: (call) => this.#onOver(call),
    });
    this.connection = connection;
    this.calls = calls;
    const tie = (this.tie = new CallTie({ inEmergency, health: () => connection.health, notices }));
    this.keys = new PhoneKeys({
      calls,
      tie,
      dialText,
      sound,
      notices,
      word,
      choose: (what) => this.transfers.toggle(what),
      park: (call) => this.transfers.park(call),
      list: () => this.layers.open('shortcuts'),
    });
    this.transfers = new Transfers({
      calls,
      tie,
      notices,
      partyOf: (call) => this.partyOf(call),
      named: (number) => this.everyone.lines.find((one) => one.number === number) ?? { number, name: '' },
      dialBeside: this.keys.dialBeside,
      confer: (...ids) => this.requests.confer(...ids),
      takeBack: (id) => this.requests.takeBack(id),
    });
    this.parked = new ParkedCalls({ calls, word, dialBeside: this.keys.dialBeside });
    const isRegistered = (): boolean => connection.isRegistered;
    this.takeUp = new TakeUp(terminal.number, { calls, word, clock, isRegistered });
    this.forgotten = new ForgottenCalls({ calls, word, isRegistered });
    this.requests = new TerminalRequests(connection.token, notices);
    this.reports = new PageReports({ token: connection.token, offset: () => word.offset });
    this.recording = new RecordingWatch({
      calls,
      left: this.#left,
      notices,
      clock,
      word,
      health: () => connection.health,
    });
    this.mailbox = $state.raw(this.#newMailbox());
    const isStation = terminal.kind === 'station';
    const kiosk = (this.kiosk = new Kiosk({ token: connection.token, isStation, word, settings, world }));
    this.page = new PageEnd(terminal.number, {
      calls,
      notices,
      isUnfinished: () => this.mailbox.greeting.isUnfinished,
      nameable: (call) => (word.owner === null ? null : this.partyOf(call)),
      mayName: () => word.owner !== null,
      stay: () => stayAt(word.view),
      isLive: (id) => word.calls.some((view) => view.id === id),
      dial: this.keys.dial,
      isLocked: () => kiosk.isLocked,
    });
  }

  /** Who this phone is for right now: its guest, or the owner of a personal phone; `null` on a free station. */
  get speaker(): Party | null {
    return this.word.speaker;
  }

  /** Everyone else, as far as this page has shown them. */
  get colleagues(): readonly Colleague[] {
    const own = this.speaker?.number;
    return own === undefined ? [] : this.everyone.lines.filter(({ number }) => number !== own);
  }

  get state(): PageState {
    const { ringing, talking, atCenter } = this.calls;
    return pageStateOf({
      view: this.word.view,
      health: this.connection.health,
      ringing: ringing !== null,
      inCall: talking !== null,
      atCenter: atCenter || callsService(this.dialText.dialled, 'center'),
    });
  }

  /** The other side of a call, as the server names it, else as the signalling does. */
  partyOf(call: ActiveCall): Party {
    return shownParty(call, this.calls.viewOf(call), this.everyone.lines);
  }

  /** Who an incoming call is for; `null` where that is plain: on a personal phone with its owner. */
  calleeOf(call: ActiveCall): Party | null {
    const callee = this.calls.viewOf(call)?.as ?? this.speaker;
    return callee?.number === this.word.owner?.number ? null : callee;
  }

  start(): void {
    this.connection.start();
  }

  /** Another tab is the phone from now on: without their line the calls do not end, and go on there. */
  close(): void {
    this.takeUp.close();
    this.connection.close();
    this.calls.hangUp();
    this.mailbox.close();
    this.sound.close();
    this.clock.close();
  }

  /** Another person is here, or none: forgets what belonged to the previous one, and closes what was open over the page. */
  forgetSession(): void {
    const wasUnfinished = this.mailbox.greeting.isUnfinished;
    const wasOpen = this.layers.closeNow();
    this.mailbox.close();
    this.mailbox = this.#newMailbox();
    this.showing = 'keypad';
    this.own.forget();
    this.notices.clear();
    this.#left.forget();
    if (this.speaker === null) for (const topic of [this.everyone, this.parked.all]) topic.forget();
    this.calls.inherit();
    this.dialText.clear();
    if (wasUnfinished) this.notices.show(m.draft_gone_with_person());
    else if (wasOpen !== null) this.notices.show(m.dialog_closed_person());
  }

  /** The layer that the phone itself occupies, above any dialog. */
  get #taken(): Layer | null {
    const { ringing, waiting, atCenter } = this.calls;
    const rings = ringing !== null || waiting.length > 0;
    return takenBy({ emergency: this.#inEmergency, ringing: rings, atCenter });
  }

  get #inEmergency(): boolean {
    return this.calls.all.some(({ number }) => this.word.emergencyNumbers.includes(number));
  }

  #newMailbox(): Mailbox {
    const { settings, world, sound, notices } = this;
    return new Mailbox({
      token: this.connection.token,
      settings,
      world,
      sound,
      notices,
      speaker: () => this.speaker?.number,
      setupShown: () => this.layers.shows('mailbox-setup'),
    });
  }

  #offer(session: CallSession): void {
    if (this.calls.focused === null) this.notices.makeWay();
    this.calls.offer(session);
  }

  /** The server says something in a call that it answers itself: one of this page, or of another browser at the terminal. */
  #hear(call: CallId, said: DialogueEvent): void {
    const isHere = this.calls.hear(call, said);
    if (!isHere && said.kind === 'voicemail' && said.event.kind === 'kept') this.#left.kept(call);
  }

  #onOver(call: ActiveCall): void {
    this.transfers.over(call);
    if (call.isCenter) {
      this.#centerEnds.over(call);
      return;
    }
    if (call.isInherited || call.isTaking) return;
    this.#left.over(call);
    this.#ends.over(call, this.partyOf(call));
    // Not where the caller hung up first: they no longer want the call.
    if (call.callBack !== null && call.state.kind === 'over' && call.state.ending === 'there')
      this.keys.dial(call.callBack);
  }
}
