import { terminalApi, assertNever, type MailboxView, type VoicemailMessage } from '@perch/shared';
import { request } from '../../api/request.ts';
import {
  type Change,
  EMPTY,
  type MailboxEffect,
  type MailboxEvent,
  type Row,
  rowsOf,
  step,
} from '../../phone/mailbox/mailbox.ts';
import type { World } from '../../world/world.ts';
import { GreetingEditor } from './greeting-editor.svelte.ts';
import type { Notices } from '../page/notices.svelte.ts';
import { Playback } from './playback.svelte.ts';
import { refusalSentence } from '../sentences.ts';
import type { Settings } from '../page/settings.svelte.ts';
import type { PageSound } from '../sound/page-sound.svelte.ts';
import { Task } from '../page/task.svelte.ts';

export interface MailboxParts {
  readonly token: string;
  readonly settings: Settings;
  readonly world: Pick<World, 'now'>;
  readonly sound: PageSound;
  readonly notices: Notices;
  /** The number of the extension that speaks here right now. */
  readonly speaker: () => string | undefined;
  /** Is the dialog with greeting, PIN and mail address open over the list? */
  readonly setupShown: () => boolean;
}

/**
 * The mailbox of one speaker, for as long as they speak here: runs the machine (`phone/mailbox.ts`) against the server.
 * The next one has a new mailbox; nothing that arrives for a closed one is ever shown.
 */
export class Mailbox {
  readonly playback: Playback;
  readonly greeting: GreetingEditor;
  readonly unlocking = new Task();
  readonly pinChange = new Task();
  readonly mailChange = new Task();
  #state = $state.raw(EMPTY);
  readonly #parts: MailboxParts;
  readonly #life = new AbortController();

  constructor(parts: MailboxParts) {
    this.#parts = parts;
    this.playback = new Playback(parts.settings);
    this.greeting = new GreetingEditor({
      ...parts,
      playback: this.playback,
      signal: this.#life.signal,
      onShown: (view) => this.#take({ kind: 'shown', view }),
      onRemoved: this.look,
    });
  }

  /** `null` until the server has told. */
  get view(): MailboxView | null {
    return this.#state.view;
  }

  /** Why the list could not be fetched. */
  get trouble(): string | null {
    return this.#state.trouble;
  }

  rows(now: number): readonly Row[] {
    return rowsOf(this.#state, now);
  }

  /** Fetches the mailbox: it has been opened, or has changed. */
  readonly look = (): void => this.#take({ kind: 'look' });

  /** Opens a message in its place, or closes it. */
  readonly toggle = (message: VoicemailMessage): void => {
    if (this.playback.id === message.id) this.playback.close();
    else
      this.playback.open({
        id: message.id,
        ms: message.durationMs,
        fetch: (signal) =>
          request(terminalApi.recording, { token: this.#parts.token, message: message.id }, signal),
        onPlay: () => this.mark(message.id, true),
      });
  };

  readonly mark = (id: string, heard: boolean): void => this.#change({ kind: 'mark', id, heard });
  readonly delete = (id: string): void => this.#change({ kind: 'delete', id });
  readonly restore = (id: string): void => this.#change({ kind: 'restore', id });

  async unlock(pin: string): Promise<void> {
    const done = await this.#ask(this.unlocking, (token, signal) =>
      request(terminalApi.unlockMailbox, { token, body: { pin } }, signal),
    );
    if (done !== undefined) this.#take({ kind: 'shown', view: done.value });
  }

  /** Says whether it was done. */
  async setPin(pin: string): Promise<boolean> {
    const done = await this.#ask(
      this.pinChange,
      (token, signal) => request(terminalApi.setOwnVoicemailPin, { token, body: { pin } }, signal),
      pin,
    );
    if (done !== undefined) this.look();
    return done !== undefined;
  }

  /** Says whether it was done. */
  async setMail(mailTo: string | null): Promise<boolean> {
    const done = await this.#ask(
      this.mailChange,
      (token, signal) => request(terminalApi.setVoicemailMail, { token, body: { mailTo } }, signal),
      mailTo ?? '',
    );
    if (done !== undefined) this.look();
    return done !== undefined;
  }

  /** A call has the loudspeaker and the microphone now. */
  giveWay(): void {
    this.playback.pause();
    void this.greeting.stop();
  }

  close(): void {
    this.#life.abort();
    this.greeting.discard();
    this.playback.close();
  }

  /** `undefined` where the server refused, or the mailbox was closed meanwhile. */
  async #ask<T>(
    task: Task,
    work: (token: string, signal: AbortSignal) => Promise<T>,
    key = '',
  ): Promise<{ readonly value: T } | undefined> {
    const { signal } = this.#life;
    const done = await task.run(() => work(this.#parts.token, signal), key);
    return signal.aborted ? undefined : done;
  }

  #change(change: Change): void {
    this.#take({ kind: 'change', change, now: this.#parts.world.now() });
  }

  #take(event: MailboxEvent): void {
    if (this.#life.signal.aborted) return;
    const [state, effects] = step(this.#state, event);
    this.#state = state;
    this.#closeGone();
    for (const effect of effects) void this.#run(effect);
  }

  async #run(effect: MailboxEffect): Promise<void> {
    switch (effect.kind) {
      case 'ask':
        return this.#fetch(effect.question);
      case 'send':
        return this.#send(effect.number, effect.change);
      default:
        assertNever(effect);
    }
  }

  async #fetch(question: number): Promise<void> {
    const { token, speaker } = this.#parts;
    try {
      const view = await request(terminalApi.mailbox, { token }, this.#life.signal);
      // The server already knows of another speaker: the page will be told, and this mailbox be closed.
      if (view.extension.number === speaker()) this.#take({ kind: 'told', question, view });
    } catch (error) {
      this.#take({ kind: 'not-told', question, sentence: refusalSentence(error) });
    }
  }

  async #send(number: number, change: Change): Promise<void> {
    const { signal } = this.#life;
    let made = true;
    try {
      await this.#make(change, signal);
    } catch (error) {
      made = false;
      if (!signal.aborted) this.#parts.notices.show(refusalSentence(error), 'bad');
    }
    this.#take({ kind: 'settled', number, made });
  }

  #make(change: Change, signal: AbortSignal): Promise<undefined> {
    const where = { token: this.#parts.token, message: change.id };
    switch (change.kind) {
      case 'mark':
        return request(terminalApi.markMessage, { ...where, body: { heard: change.heard } }, signal);
      case 'delete':
        return request(terminalApi.deleteMessage, where, signal);
      case 'restore':
        return request(terminalApi.restoreMessage, where, signal);
      default:
        return assertNever(change);
    }
  }

  /** Closes an open message that was deleted, here or elsewhere, or whose mailbox asks for a PIN again. */
  #closeGone(): void {
    const { view } = this.#state;
    if (view === null || this.playback.id === null) return;
    const there =
      view.access === 'open' &&
      (view.messages.some(({ id }) => id === this.playback.id) || this.#parts.setupShown());
    if (!there) this.playback.close();
  }
}
