import { terminalApi, type MailboxView } from '@perch/shared';
import { request } from '../../api/request.ts';
import type { Level } from '../../media/level-meter.ts';
import type { Microphone } from '../../media/microphone.ts';
import type { MicrophoneTrouble } from '../../phone/calls/microphone-trouble.ts';
import { type MicrophoneState, watchMicrophone } from '../../media/microphone-watch.ts';
import { VoiceRecorder } from '../../media/voice-recorder.ts';
import { m } from '../../words/messages.svelte.ts';
import type { World } from '../../world/world.ts';
import { VoiceWatch } from '../calls/audio/voice-watch.svelte.ts';
import type { Playback } from './playback.svelte.ts';
import type { PageSound } from '../sound/page-sound.svelte.ts';
import { Task } from '../page/task.svelte.ts';
import { after, type Cancel } from '../../world/timers.ts';

/** What is being recorded, or has been recorded and not used yet. */
type Take =
  | { readonly kind: 'none' }
  /** The browser may be asking whether the microphone is allowed. */
  | { readonly kind: 'opening' }
  | {
      readonly kind: 'recording';
      /** Milliseconds since 1970-01-01 UTC, by this browser's clock. */
      readonly since: number;
      readonly microphone: Microphone;
      readonly meter: Level;
      readonly recorder: VoiceRecorder;
      readonly cancelLimit: Cancel;
      readonly unwatch: () => void;
    }
  | { readonly kind: 'finishing' }
  | { readonly kind: 'draft'; readonly sound: Blob };

/** Their ids in the playback. */
const GREETING = 'greeting';
const DRAFT = 'draft';

export interface GreetingParts {
  readonly token: string;
  readonly signal: AbortSignal;
  readonly sound: PageSound;
  readonly world: Pick<World, 'now'>;
  readonly playback: Playback;
  /** Called with the mailbox after the change. */
  readonly onShown: (view: MailboxView) => void;
  readonly onRemoved: () => void;
}

/** What callers hear before the tone: recorded here, uploaded, listened to, removed. */
export class GreetingEditor {
  readonly task = new Task();
  #trouble: MicrophoneTrouble | null = $state(null);
  readonly #voice = new VoiceWatch();
  #take: Take = $state.raw({ kind: 'none' });
  /** On its way to the server, or waiting for what is. */
  #sending: Blob | undefined;
  readonly #parts: GreetingParts;

  constructor(parts: GreetingParts) {
    this.#parts = parts;
  }

  /** Why nothing is recorded. */
  get trouble(): MicrophoneTrouble | null {
    return this.#trouble ?? (this.#voice.word === 'silent' ? 'silent' : null);
  }

  get take(): Take['kind'] {
    return this.#take.kind;
  }

  /** Is there a recording, finished or not, that has been neither used nor discarded? */
  get isUnfinished(): boolean {
    return this.#take.kind !== 'none' && this.#take.kind !== 'opening';
  }

  /** When the recording began, by this browser's clock. */
  get since(): number | null {
    return this.#take.kind === 'recording' ? this.#take.since : null;
  }

  /** 0 to 1. */
  readonly level = (): number => (this.#take.kind === 'recording' ? this.#take.meter.read() : 0);

  /** Opens what can be played: the draft, else the greeting that callers hear now. */
  show(greeting: MailboxView['greeting']): void {
    const { playback, token } = this.#parts;
    if (this.#take.kind === 'draft') this.#open(this.#take.sound);
    else if (this.#take.kind !== 'none') return;
    else if (greeting === null) playback.close();
    else
      playback.open({
        id: GREETING,
        ms: greeting.durationMs,
        fetch: (signal) => request(terminalApi.greeting, { token }, signal),
      });
  }

  /** Records until `stop`, and not longer than `longestMs`. */
  async record(longestMs: number): Promise<void> {
    if (this.#take.kind !== 'none' && this.#take.kind !== 'draft') return;
    const { sound, playback, signal } = this.#parts;
    playback.close();
    this.#trouble = null;
    this.task.refusal = undefined;
    this.#take = { kind: 'opening' };
    const microphone = await sound.openMicrophone();
    if (this.take !== 'opening' || signal.aborted) {
      sound.closeMicrophone(microphone);
      return;
    }
    if (microphone.kind === 'silent') {
      sound.closeMicrophone(microphone);
      this.#take = { kind: 'none' };
      this.#trouble = microphone.trouble;
      return;
    }
    const meter = sound.meter(microphone.stream);
    this.#voice.begin(meter, this.#parts.world.now, () => false);
    this.#take = {
      kind: 'recording',
      since: this.#parts.world.now(),
      microphone,
      meter,
      recorder: new VoiceRecorder(microphone.stream, longestMs),
      cancelLimit: after(longestMs, () => void this.stop()),
      unwatch: watchMicrophone(microphone.stream, sound.watchDevices, (state) => this.#heard(state)),
    };
  }

  /** Ends the recording, which can then be played. */
  async stop(): Promise<void> {
    if (this.#take.kind === 'opening') this.#take = { kind: 'none' };
    if (this.#take.kind !== 'recording') return;
    const { recorder } = this.#take;
    // The microphone is closed once the recorder has what it heard.
    const finished = recorder.finish();
    this.#release(this.#take);
    this.#take = { kind: 'finishing' };
    try {
      const sound = await finished;
      if (this.take !== 'finishing') return;
      this.#take = { kind: 'draft', sound };
      this.#open(sound);
    } catch {
      this.#take = { kind: 'none' };
      this.task.refusal = m.voicemail_nothing_recorded();
    }
  }

  /** Makes what was recorded the greeting. */
  async use(): Promise<void> {
    if (this.#take.kind === 'draft') await this.upload(this.#take.sound);
  }

  /** Makes a file the greeting. */
  async upload(sound: Blob): Promise<void> {
    const { token, signal, onShown } = this.#parts;
    if (sound.size > terminalApi.replaceGreeting.upload.most) {
      this.task.refusal = m.voicemail_file_too_large({
        most: terminalApi.replaceGreeting.upload.most / 1_048_576,
      });
      return;
    }
    // The second press for the same one; another file that is chosen meanwhile is the greeting after it.
    if (sound === this.#sending) return;
    this.#sending = sound;
    const done = await this.task
      .inTurn(() => request(terminalApi.replaceGreeting, { token, upload: sound }, signal))
      .finally(() => {
        if (this.#sending === sound) this.#sending = undefined;
      });
    if (done === undefined || signal.aborted) return;
    // Playback is not closed: it may already show the new greeting, if the server's event came before this answer.
    this.#take = { kind: 'none' };
    onShown(done.value);
  }

  async remove(): Promise<void> {
    const { token, signal, playback, onRemoved } = this.#parts;
    const done = await this.task.run(() => request(terminalApi.removeGreeting, { token }, signal));
    if (done === undefined || signal.aborted) return;
    playback.close();
    onRemoved();
  }

  /** Forgets what was recorded and not used. */
  readonly discard = (): void => {
    if (this.#take.kind === 'recording') this.#release(this.#take);
    this.#take = { kind: 'none' };
    this.#parts.playback.close();
  };

  /** A microphone that dies ends the recording: what was recorded until then can be played. */
  #heard(state: MicrophoneState): void {
    this.#trouble = state === 'live' ? null : state === 'silenced' ? 'silenced' : 'lost';
    if (state === 'ended') void this.stop();
  }

  #open(draft: Blob): void {
    this.#parts.playback.open({ id: DRAFT, ms: 0, fetch: () => Promise.resolve(draft) });
  }

  #release({ cancelLimit, unwatch, meter, microphone }: Extract<Take, { kind: 'recording' }>): void {
    cancelLimit();
    unwatch();
    this.#voice.end();
    meter.close();
    this.#parts.sound.closeMicrophone(microphone);
  }
}
