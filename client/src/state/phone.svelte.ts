import {
  api,
  assertNever,
  colleague,
  type Colleague,
  type EnrolledTerminal,
  isWithheld,
  type Party,
  WITHHELD,
} from '@perch/shared';
import { request } from '../api/request.ts';
import { calls, userPartOf } from '../phone/numbers/dial-string.ts';
import { type Layer, takenBy } from '../phone/page/layers.ts';
import { ownerAt, sessionAt, speakerAt, stayAt } from '../phone/page/occupant.ts';
import { type PageState, pageStateOf } from '../phone/page/page-state.ts';
import type { Shortcut } from '../phone/page/shortcuts.ts';
import { keysAreSecret, type Visit as VoicemailVisit } from '../phone/calls/voicemail-visit.ts';
import { m } from '../paraglide/messages.js';
import type { ActiveCall } from './calls/active-call.svelte.ts';
import { CallDesk } from './calls/call-desk.svelte.ts';
import { CallEnds } from './calls/call-ends.ts';
import { CenterVisits } from './calls/center-visits.ts';
import { Clock } from './page/clock.svelte.ts';
import { Connection } from './line/connection.svelte.ts';
import { DialText } from './page/dial-text.svelte.ts';
import { Layers } from './page/layers.svelte.ts';
import { Mailbox } from './mailbox/mailbox.svelte.ts';
import { Notices } from './page/notices.svelte.ts';
import { PageEnd } from './page/page-end.ts';
import { RecordingWatch } from './calls/recording-watch.ts';
import { Recents } from './calls/recents.svelte.ts';
import { gaveWaySentence, nameOf, refusalSentence } from './sentences.ts';
import { ServerWord } from './line/server-word.svelte.ts';
import type { Settings } from './page/settings.svelte.ts';
import { SoundDesk } from './sound/sound-desk.svelte.ts';
import { Topic } from './line/topic.svelte.ts';
import { VoicemailVisits } from './calls/voicemail-visits.svelte.ts';

type View = 'keypad' | 'people' | 'recents' | 'voicemail';

/** A terminal in this browser: its calls, what the server says of it, and what belongs to the person at it. */
export class Phone {
  readonly settings: Settings;
  readonly clock = new Clock();
  readonly notices = new Notices();
  readonly recents = new Recents();
  readonly voicemail = new VoicemailVisits((mailbox) =>
    this.notices.show(m.mailbox_call_saved({ who: nameOf(mailbox) }), 'good'),
  );
  readonly word = new ServerWord(this.voicemail);
  /** Everyone in the organization, for the extension that speaks here, while a part of the page shows them. */
  readonly everyone = new Topic('colleagues', colleague);
  readonly ends = new CallEnds({
    recents: this.recents,
    notices: this.notices,
    isKept: () => this.speaker !== null,
    onNotReached: (number) => this.dialText.giveBack(number),
  });
  readonly #center = new CenterVisits({
    word: this.word,
    notices: this.notices,
    session: () => this.session,
  });
  readonly sound: SoundDesk;
  readonly desk: CallDesk;
  readonly connection: Connection;
  readonly page: PageEnd;
  readonly recording: RecordingWatch;
  readonly dialText = new DialText(() => this.word.view?.emergencyNumbers ?? []);
  /** The keypad is open over the meters of a call. */
  keypadOpen = $state(false);
  readonly layers = new Layers({
    taken: () => this.#taken,
    isUnfinished: (dialog) => dialog === 'mailbox-setup' && this.mailbox.greeting.isUnfinished,
    onClosed: (dialog) => {
      if (dialog === 'mailbox-setup') this.mailbox.greeting.discard();
    },
    onGaveWay: (dialog, to, waits) => this.notices.show(gaveWaySentence(dialog, to, waits)),
  });
  /** That of the extension that speaks here now; the next one gets another. */
  mailbox: Mailbox;
  /** A request of this page is under way. */
  busy = $state(false);
  /** A call that was begun by someone who is no longer here: it goes on, but is not shown as the next person's. */
  #inherited: ActiveCall | null = null;
  #showing: View = $state('keypad');

  constructor(terminal: EnrolledTerminal, settings: Settings) {
    this.settings = settings;
    this.sound = new SoundDesk(settings);
    const { word, clock, sound } = this;
    const connection = new Connection(terminal, {
      word,
      clock,
      onOffered: (session) => {
        this.ends.offered(session.number);
        if (this.desk.current === null) this.notices.makeWay();
        this.desk.offer(session);
      },
      onRingingLost: () => this.desk.discardRinging(),
      onRegistered: () => this.desk.lineRestored(this.#isWithServer),
      inCall: () => this.desk.current !== null,
    });
    this.connection = connection;
    this.desk = new CallDesk({
      settings,
      sound,
      clock,
      lastWord: () => ({ heardAt: word.heardAt ?? 0, calls: word.calls }),
      iceServers: () => connection.iceServers,
      invite: (number, { stream }) => connection.invite(number, stream),
      onMicrophone: (name) => this.notices.show(m.microphone_replaced({ name })),
      onOver: (call) => this.#onOver(call),
    });
    this.recording = new RecordingWatch({
      desk: this.desk,
      voicemail: this.voicemail,
      notices: this.notices,
      clock,
      word,
      health: () => connection.health,
    });
    this.mailbox = $state.raw(this.#newMailbox());
    this.page = new PageEnd(terminal.number, {
      desk: this.desk,
      notices: this.notices,
      isUnfinished: () => this.mailbox.greeting.isUnfinished,
      nameable: (call) => (ownerAt(this.word.view) === null ? null : this.partyOf(call)),
      mayName: () => ownerAt(this.word.view) !== null,
      isTheirs: (call) => call !== this.#inherited,
      stay: () => stayAt(this.word.view),
      dial: this.dial,
    });
  }

  /** Who this phone is for right now: its guest, or the owner of a personal phone; `null` on a free station. */
  get speaker(): Party | null {
    return speakerAt(this.word.view);
  }

  /** Everyone else, as far as this page has shown them. */
  get colleagues(): readonly Colleague[] {
    const own = this.speaker?.number;
    return own === undefined ? [] : this.everyone.lines.filter(({ number }) => number !== own);
  }

  /** How many new messages the person here has; on a free station, how many its desk has. */
  get newMessages(): number {
    const { lamp, view } = this.word;
    const listener = this.locked ? undefined : (this.speaker ?? view?.owner)?.number;
    return lamp.extension === listener ? lamp.counts.new : 0;
  }

  /** What a narrow screen shows, and which list a wide one has beside its keypad. */
  get showing(): View {
    return this.#showing;
  }

  set showing(view: View) {
    this.#showing = view;
    if (view === 'recents') this.recents.look();
  }

  get locked(): boolean {
    return this.word.view?.occupancy.kind === 'locked';
  }

  get state(): PageState {
    return pageStateOf({
      view: this.word.view,
      health: this.connection.health,
      ringing: this.desk.ringing !== null,
      inCall: this.desk.talking !== null,
      atCenter: this.desk.atCenter || calls(this.dialText.dialled, 'center'),
    });
  }

  /** The layer that the phone itself occupies, above any dialog. */
  get #taken(): Layer | null {
    const { current, ringing, atCenter } = this.desk;
    const emergencyNumbers = this.word.view?.emergencyNumbers ?? [];
    return takenBy({
      emergency: current !== null && emergencyNumbers.includes(current.number),
      ringing: ringing !== null,
      atCenter,
    });
  }

  /** The dialogue with a mailbox in this browser's call. */
  get voicemailVisit(): VoicemailVisit | null {
    return this.desk.talking === null ? null : this.voicemail.madeBy(this.desk.talking);
  }

  /** How many digits of the code or PIN the server has counted; `null` while it asks for none. */
  get secretEntered(): number | null {
    const { visit } = this.word;
    if (this.desk.atCenter) return visit?.stage === 'code' ? visit.entered : null;
    const access = this.voicemailVisit?.access;
    return access?.kind === 'pin' ? access.entered : null;
  }

  /** The other side of a call, as the server names it, else as the signalling does. */
  partyOf(call: ActiveCall): Party {
    if (call.isVoicemail) return { number: call.number, name: m.mailbox_call_voicemail() };
    if (isWithheld(call)) return WITHHELD;
    const known = this.word.calls.find((seen) => seen.with.number === call.number && seen.with.name !== '');
    const listed = this.everyone.lines.find(({ number }) => number === call.number);
    return { number: call.number, name: known?.with.name ?? listed?.name ?? call.name };
  }

  start(): void {
    this.connection.start();
  }

  close(): void {
    this.desk.current?.hangUp();
    this.connection.close();
    this.mailbox.close();
    this.sound.close();
    this.clock.close();
  }

  /** One key: into the call if there is one, else into the dial field. */
  readonly press = (key: string): void => {
    this.sound.unblock();
    const call = this.desk.atCenter ? this.desk.current : this.desk.talking;
    const visit = this.voicemailVisit;
    const secret = call !== null && (call.isCenter || (call.isVoicemail && keysAreSecret(visit)));
    // The keys of a secret all sound the same, in case someone is listening.
    this.sound.key(secret ? '0' : key);
    if (call === null) this.dialText.press(key);
    else call.press(key);
    this.keypadOpen ||= call !== null && !call.isCenter && !call.isVoicemail && visit === null;
  };

  /** The Enter key outside of text fields: ends the entry of a secret, else calls. */
  readonly enter = (): void => {
    if (this.secretEntered === null) this.dial();
    else this.press('#');
  };

  /** The Backspace key outside of text fields. Digits that the server has counted can be cleared only together. */
  readonly erase = (): void => {
    if (this.secretEntered === null) this.dialText.eraseLast();
    else this.press('*');
  };

  /** Calls what the dial field contains, or `number`. */
  readonly dial = (number?: string): void => {
    this.sound.unblock();
    const userPart = number ?? userPartOf(this.dialText.dialled, this.locked, this.speaker?.number);
    if (userPart === undefined || this.desk.current !== null) return;
    this.dialText.clear();
    this.notices.makeWay();
    this.#center.begin(userPart);
    this.voicemail.begin();
    this.desk.place(userPart);
  };

  readonly toggleKeypad = (): void => {
    this.keypadOpen = !this.keypadOpen;
  };

  /** Acts in the ringing or current call. */
  shortcut(shortcut: Shortcut): void {
    const { ringing, talking } = this.desk;
    switch (shortcut) {
      case 'answer':
        ringing?.answer();
        break;
      case 'decline':
        ringing?.hangUp();
        break;
      case 'mute':
        talking?.toggleMute();
        break;
      case 'keypad':
        if (talking !== null) this.toggleKeypad();
        break;
      case 'end':
        talking?.hangUp();
        break;
      default:
        assertNever(shortcut);
    }
  }

  /** Does what `*30` does. */
  readonly returnHome = (): Promise<void> => this.#ask(api.returnFromTerminal);
  readonly undo = (): Promise<void> => this.#ask(api.undo);

  /** Identifies the session of the person at this terminal, or that there is none. `null` until the server has said. */
  get session(): string | null {
    return sessionAt(this.word.view);
  }

  /** Another person is here, or none: forgets what belonged to the previous one, and closes what was open over the page. */
  forgetSession(): void {
    const wasUnfinished = this.mailbox.greeting.isUnfinished;
    const wasOpen = this.layers.closeNow();
    this.mailbox.close();
    this.mailbox = this.#newMailbox();
    this.showing = 'keypad';
    this.recents.begin(ownerAt(this.word.view)?.number ?? null);
    this.notices.clear();
    this.voicemail.forget();
    if (this.speaker === null) this.everyone.forget();
    this.#inherited = this.desk.talking;
    this.dialText.clear();
    if (this.session !== null) this.page.tell();
    if (wasUnfinished) this.notices.show(m.draft_gone_with_person());
    else if (wasOpen !== null) this.notices.show(m.dialog_closed_person());
  }

  /** Is the server itself the other side of this call? */
  readonly #isWithServer = (call: ActiveCall): boolean =>
    call.isCenter || call.isVoicemail || this.voicemail.madeBy(call) !== null;

  #newMailbox(): Mailbox {
    const { settings, sound, notices } = this;
    const { token } = this.connection;
    return new Mailbox({
      token,
      settings,
      sound,
      notices,
      speaker: () => this.speaker?.number,
      setupShown: () => this.layers.shows('mailbox-setup'),
    });
  }

  async #ask(operation: typeof api.returnFromTerminal | typeof api.undo): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await request(operation, { token: this.connection.token });
    } catch (error) {
      this.notices.show(refusalSentence(error), 'bad');
    } finally {
      this.busy = false;
    }
  }

  #onOver(call: ActiveCall): void {
    this.keypadOpen = false;
    if (call.isCenter) {
      this.#center.end(call);
      return;
    }
    const other = this.partyOf(call);
    const visit = this.voicemail.end(call);
    if (call === this.#inherited) {
      this.voicemail.forget();
      return;
    }
    this.ends.over(call, other, visit);
    // Not where the caller hung up first: they no longer want the call.
    if (call.callBack !== null && call.state.kind === 'over' && call.state.ending === 'there')
      this.dial(call.callBack);
  }
}
