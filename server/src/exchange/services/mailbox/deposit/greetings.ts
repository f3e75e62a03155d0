import type { ExtensionId, RecordingId } from '@perch/shared';
import type { Codec } from '../../../../media/codec/codec.ts';
import type { Sound } from '../../../../media/playback/prompts.ts';
import { readRecording } from '../../../../media/playback/recording.ts';
import type { Mailboxes } from '../../../voicemail/mailboxes.ts';
import type { VoicemailJournal } from '../../../voicemail/ports.ts';

/** How many greetings stay ready to be played: those used last. */
const MOST_READY = 8;

/** The owners' greetings, each read once for all simultaneous callers. */
export class Greetings {
  readonly #mailboxes: Mailboxes;
  /** By recording and codec, those used last at the end. */
  readonly #ready = new Map<string, Promise<Sound | undefined>>();

  constructor(mailboxes: Mailboxes) {
    this.#mailboxes = mailboxes;
  }

  /**
   * The greeting of a mailbox, ready to be played; `undefined` where it has none, or one that cannot be played.
   *
   * @param journal of the call that wants it
   */
  async of(
    extension: ExtensionId,
    codec: Codec['name'],
    journal: Pick<VoicemailJournal, 'failed'>,
  ): Promise<Sound | undefined> {
    const greeting = this.#mailboxes.greeting(extension);
    if (!greeting) return undefined;
    const key = `${codec} ${greeting.id}`;
    const sound =
      this.#ready.get(key) ??
      this.#read(extension, greeting.id, codec).catch((error: unknown) => {
        journal.failed(error);
        this.#ready.delete(key);
        return undefined;
      });
    this.#use(key, sound);
    return sound;
  }

  async #read(extension: ExtensionId, id: RecordingId, codec: Codec['name']): Promise<Sound | undefined> {
    const file = await this.#mailboxes.recording(extension, id);
    return file && readRecording(file, codec);
  }

  #use(key: string, sound: Promise<Sound | undefined>): void {
    this.#ready.delete(key);
    this.#ready.set(key, sound);
    for (const oldest of this.#ready.keys()) {
      if (this.#ready.size <= MOST_READY) break;
      this.#ready.delete(oldest);
    }
  }
}
