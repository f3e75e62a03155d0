import {
  type CallId,
  type ExtensionId,
  extensionId,
  extensionNumber,
  organizationId,
  recordingId,
  type RecordingId,
  terminalId,
  NO_FORWARDS,
} from '@perch/shared';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { MemoryDirectory } from '../../directory.ts';
import type { Happening } from '../../happenings.ts';
import type { Extension } from '../../ports.ts';
import { FakeMailboxStore } from './fake-mailbox-store.ts';
import { FakeRecordings } from './fake-recordings.ts';
import { Mailboxes } from '../mailboxes.ts';
import type {
  MailboxStore,
  Message,
  OpenRecording,
  RecordingLabel,
  Recordings,
  VoicemailLimits,
} from '../ports.ts';

export const ada = extensionId('ada');
export const ben = extensionId('ben');

const person = (id: ExtensionId, number: string, name: string): Extension => ({
  ...{
    id,
    terminal: terminalId(`phone-${id}`),
    number: extensionNumber(number),
    name,
    kind: 'person',
    group: null,
    place: null,
    callBack: null,
    language: null,
    doNotDisturb: false,
    forwards: NO_FORWARDS,
    plan: null,
    stayLimits: null,
    kiosk: true,
  },
  ...{ allowVirtualization: true, hasSecretCode: true, hasVoicemailPin: false, suspended: false },
  ...{ organization: organizationId('o'), voicemailMail: null },
});

/** Ada's and Ben's mailboxes, and everything around them. */
export class MailboxHouse {
  readonly clock = new VirtualClock(1_700_000_000_000);
  readonly store = new FakeMailboxStore();
  readonly directory = new MemoryDirectory(
    { id: organizationId('o'), name: 'Demo', domain: 'example.org', emergencyNumbers: [] },
    [person(ada, '101', 'Ada'), person(ben, '102', 'Ben')],
  );
  recordings = FakeRecordings.empty();
  limits: VoicemailLimits = { messages: 100, totalMs: 60 * 60_000, retentionMs: null };
  /** Whose mailboxes have changed, in order. */
  readonly changed: ExtensionId[] = [];
  /** What the journal was told, abbreviated. */
  readonly journal: string[] = [];
  /** In which call each message that was left came, and each error. */
  readonly ofCalls: (CallId | undefined)[] = [];
  #ids = 0;

  get ports() {
    return {
      ...{ store: this.store as MailboxStore, recordings: this.recordings as Recordings },
      ...{ directory: this.directory, clock: this.clock, limits: this.limits },
      journal: {
        deposited: (extension: ExtensionId, outcome: string, call?: CallId) => {
          this.journal.push(`${extension} ${outcome}`);
          this.ofCalls.push(call);
        },
        visited: () => undefined,
        removed: (count: number, why: string) => void this.journal.push(`${String(count)} ${why}`),
        failed: (error: unknown, call?: CallId) => {
          this.journal.push(String(error));
          this.ofCalls.push(call);
        },
      },
      happened: (happening: Happening) => {
        if (happening.kind === 'mailbox-changed') this.changed.push(happening.extension);
      },
    };
  }

  open(): Promise<Mailboxes> {
    return Mailboxes.open(this.ports);
  }

  newId(): RecordingId {
    this.#ids += 1;
    return recordingId(`recording-${String(this.#ids)}`);
  }

  /** A message from Ben to Ada, left now. */
  message(about: Partial<Message> = {}): Message {
    return {
      ...{ id: this.newId(), extension: ada, from: { number: '102', name: 'Ben' }, at: this.clock.now() },
      ...{ durationMs: 5_000, reason: 'no-answer', heard: false, deletedAt: null },
      ...about,
    };
  }

  /** Keeps a recording, and returns its message, which has no row yet. */
  async recorded(about: Partial<Message> = {}): Promise<Message> {
    const message = this.message(about);
    const file = await this.begun({ kind: 'message', ...message });
    await file.keep();
    return message;
  }

  /** A recording under way, with five seconds of sound. */
  async begun(label: RecordingLabel): Promise<OpenRecording> {
    const file = await this.recordings.begin(label);
    file.write(new Uint8Array(5_000));
    return file;
  }
}
