import type { HeldCounts, OrganizationId, RecordingId } from '@perch/shared';
import type { Person } from './person.ts';

/** Rows of one kind that are held about somebody. */
export interface Holding {
  /** What it is called in an archive. */
  readonly name: string;
  readonly rows: Iterable<object> | AsyncIterable<object>;
}

/** A message or greeting of theirs. */
export interface HeldSound {
  readonly id: RecordingId;
  readonly kind: 'message' | 'greeting';
  readonly at: number;
}

/** What is held about people in one organization, and how it is forgotten. */
export interface PersonalStore {
  /** Those who match the text (all for an empty one), in the order of their names: so many at most. */
  people(text: string, most: number): Promise<readonly Person[]>;
  /** `undefined` where there is nobody with that id, or no longer. */
  person(id: string): Promise<Person | undefined>;
  count(person: Person): Promise<HeldCounts>;
  /** How many messages of theirs are in mailboxes of others. */
  messagesLeft(person: Person): Promise<number>;
  /** The same person, with the time at which their extension was deleted if it has been. */
  asDeleted(person: Person): Promise<Person>;
  /** Everything but sounds, and no secret. */
  holdings(person: Person): readonly Holding[];
  /** Of their mailbox. */
  sounds(person: Person): Promise<readonly HeldSound[]>;
  /** Their mailbox is empty from now on, its files being gone. */
  forgetSounds(person: Person): Promise<void>;
  /** Nothing that is stored names them any more, but for the audit. To be called as often as wanted: it goes on where it has stopped. */
  scrub(person: Person): AsyncIterable<unknown>;
  /** The audit does not name them any more, and says that somebody was erased; only cleaning is left. One transaction. */
  finish(person: Person): Promise<void>;
}

/** An erasure that is under way: kept until nothing is left to be done. */
export interface Erasure {
  readonly organization: OrganizationId;
  readonly person: Person;
  readonly begunAt: number;
}

export interface ErasureStore {
  /** Of all organizations, the oldest first; without those for which only cleaning is left. */
  pending(): Promise<readonly Erasure[]>;
  /** Nothing happens where that person is being erased already. */
  begin(erasure: Erasure): Promise<void>;
  of(organization: OrganizationId): PersonalStore;
  /** Has an erasure been finished since the files were cleaned? */
  isToBeCleaned(): Promise<boolean>;
  /** Nothing that has been deleted or overwritten is left in the files: erasures that were finished before are over. */
  clean(): Promise<void>;
}

/** What erasing somebody does outside the storage. */
export interface ErasurePorts {
  readonly store: ErasureStore;
  /** Their accounts are gone, and with them every session that was signed in. */
  closeAccounts(person: Person): Promise<void>;
  /** Their extension is gone with its phones, its stays and its mailbox; no other one rings or mails to them. */
  closeExtension(organization: OrganizationId, person: Person): Promise<void>;
  /** The messages that they have left for others are gone. */
  forgetMessagesFrom(organization: OrganizationId, person: Person): Promise<void>;
  /** Is there a call under way whose record will name them? */
  isInCall(organization: OrganizationId, person: Person): Promise<boolean>;
  deleteSound(organization: OrganizationId, id: RecordingId): Promise<void>;
  failed(error: unknown): void;
}
