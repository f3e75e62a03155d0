import type { ExtensionId, RecordingId } from '@perch/shared';
import type { MediaSound } from '../../../../media/endpoint.ts';
import { Recorder } from '../../../../media/recording/recorder.ts';
import type { Clock } from '../../../ports.ts';
import {
  ENDING_SILENCE_MS,
  type Greeting,
  LONGEST_GREETING_MS,
  type OpenRecording,
  type Recordings,
  SHORTEST_MESSAGE_MS,
} from '../../../voicemail/ports.ts';

interface GreetingTakePorts {
  readonly recordings: Recordings;
  readonly clock: Clock;
  readonly newId: () => RecordingId;
}

/** A greeting that is being recorded by phone: a file from the start, which is deleted unless it is put to use. */
export class GreetingTake {
  readonly #ports: GreetingTakePorts;
  readonly #id: RecordingId;
  readonly #file: Promise<OpenRecording>;
  #recorder: Recorder | undefined;
  #keeping: Promise<void> | undefined;
  #stopped: Promise<Greeting | undefined> | undefined;
  #isDiscarded = false;

  /** The file is begun while the caller is still listening to the prompt. */
  constructor(ports: GreetingTakePorts, extension: ExtensionId) {
    this.#ports = ports;
    this.#id = ports.newId();
    this.#file = this.#begin(extension);
    this.#file.catch(() => undefined); // reported by `record`
  }

  /** Records from now on; `ended` where the recording ends by itself. Resolves when it has begun; rejects where it cannot. */
  async record(endpoint: MediaSound, ended: () => void): Promise<void> {
    const file = await this.#file;
    if (this.#isDiscarded) return;
    this.#recorder = new Recorder({
      endpoint,
      clock: this.#ports.clock,
      write: (octets) => {
        // Told once the recorder has finished with this page; `stop` says why.
        if (!file.write(octets)) queueMicrotask(ended);
      },
      longestMs: LONGEST_GREETING_MS,
      silenceMs: ENDING_SILENCE_MS,
      ended,
    });
  }

  /** The greeting, once it is on the disk; `undefined` where it is too short. Rejects where it could not be kept. May be called twice. */
  stop(): Promise<Greeting | undefined> {
    return (this.#stopped ??= this.#stop());
  }

  async #stop(): Promise<Greeting | undefined> {
    const recorded = this.#recorder?.stop();
    if (!recorded || recorded.soundMs < SHORTEST_MESSAGE_MS) return undefined;
    const file = await this.#file;
    this.#keeping = file.keep();
    await this.#keeping;
    return { id: this.#id, durationMs: recorded.durationMs, at: this.#ports.clock.now() };
  }

  /** Deletes it, in whatever state it is. */
  async discard(): Promise<void> {
    if (this.#isDiscarded) return;
    this.#isDiscarded = true;
    this.#recorder?.stop();
    const file = await this.#file.catch(() => undefined);
    if (!this.#keeping) return file?.discard();
    await this.#keeping.catch(() => undefined);
    await this.#ports.recordings.delete(this.#id);
  }

  async #begin(extension: ExtensionId): Promise<OpenRecording> {
    const { recordings } = this.#ports;
    if (!(await recordings.hasRoom())) throw new Error('there is no room on the disk for a greeting');
    return recordings.begin({ kind: 'greeting', id: this.#id, extension });
  }
}
