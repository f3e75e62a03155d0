import type { MailboxVisit } from '@perch/shared';
import type { MediaSound } from '../../../../media/endpoint.ts';
import { Recorder } from '../../../../media/recording/recorder.ts';
import type { Clock } from '../../../ports.ts';
import type { Mailboxes } from '../../../voicemail/mailboxes.ts';
import type { Place } from '../../../voicemail/places.ts';
import {
  ENDING_SILENCE_MS,
  LONGEST_MESSAGE_MS,
  type OpenRecording,
  type RecordingLabel,
  type Recordings,
  SHORTEST_MESSAGE_MS,
  type VoicemailJournal,
} from '../../../voicemail/ports.ts';
import type { Settlement } from './visit.ts';

type MessageLabel = Extract<RecordingLabel, { readonly kind: 'message' }>;

interface DraftPorts {
  readonly mailboxes: Mailboxes;
  readonly recordings: Recordings;
  readonly clock: Clock;
  readonly journal: VoicemailJournal;
}

/** A possible message: a file that is begun, then recorded into. */
export class Draft {
  readonly #ports: DraftPorts;
  readonly #label: MessageLabel;
  readonly #file: OpenRecording;
  #recorder: Recorder | undefined;
  #kept: MailboxVisit['message'] = null;

  /** Rejects where no file can be begun. */
  static async begin(ports: DraftPorts, label: MessageLabel): Promise<Draft> {
    return new Draft(ports, label, await ports.recordings.begin(label));
  }

  private constructor(ports: DraftPorts, label: MessageLabel, file: OpenRecording) {
    this.#ports = ports;
    this.#label = label;
    this.#file = file;
  }

  /** Records from now on. `ended`: the recording has ended by itself, and `keep` is to follow. */
  record(endpoint: MediaSound, ended: (end: 'silence' | 'longest' | 'lost') => void): void {
    this.#recorder = new Recorder({
      endpoint,
      clock: this.#ports.clock,
      write: (octets) => {
        // Told once the recorder has finished with this page.
        if (!this.#file.write(octets)) queueMicrotask(() => ended('lost'));
      },
      longestMs: LONGEST_MESSAGE_MS,
      silenceMs: ENDING_SILENCE_MS,
      ended,
    });
  }

  /**
   * Makes it a message, in the place that was taken for it: first its file is kept, then its row. Where one of them fails
   * and the caller `isThere` to be told so, it is discarded; where the caller has hung up, the file stays, and the next
   * start makes a message of it.
   */
  async keep(place: Place | undefined, isThere: () => boolean): Promise<Settlement> {
    const { mailboxes, recordings } = this.#ports;
    const { durationMs, soundMs } = this.#recorder?.stop() ?? { durationMs: 0, soundMs: 0 };
    if (soundMs < SHORTEST_MESSAGE_MS) {
      await this.discard();
      return 'too-short';
    }
    const { kind: _, ...label } = this.#label;
    let undo = () => this.discard();
    try {
      await this.#file.keep();
      undo = () => this.#harmless(recordings.delete(label.id));
      const kept = await mailboxes.keep({ ...label, durationMs, heard: false, deletedAt: null }, place);
      if (!kept) return 'failed';
      this.#kept = { id: label.id, durationMs };
      return 'kept';
    } catch (error) {
      this.#ports.journal.failed(error);
      if (isThere()) await undo();
      return 'failed';
    }
  }

  /** The message that it has become. */
  get kept(): MailboxVisit['message'] {
    return this.#kept;
  }

  /** Deletes it. */
  discard(): Promise<void> {
    return this.#harmless(this.#file.discard());
  }

  /** A file that cannot be deleted now is found by the next start. */
  async #harmless(task: Promise<void>): Promise<void> {
    try {
      await task;
    } catch (error) {
      this.#ports.journal.failed(error);
    }
  }
}
