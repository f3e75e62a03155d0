import type { MediaEngine } from '../media/endpoint.ts';
import type { Chance } from '../world/chance.ts';
import type { CallStore, Clock, Directory, ExchangeJournal, SecretCodes } from './ports.ts';
import type { VirtualizationStore } from './virtualization-store.ts';
import type { VoicemailWorld } from './voicemail/voicemail.ts';

/** What an exchange needs of the world: what its rooms need of it. */
export interface ExchangePorts {
  readonly directory: Directory;
  readonly secretCodes: SecretCodes;
  readonly virtualizations: VirtualizationStore;
  readonly calls: CallStore;
  readonly voicemail: VoicemailWorld;
  /** How long phones ring before the call counts as not answered (milliseconds). */
  readonly noAnswerMs: number;
  readonly media: MediaEngine;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly journal: ExchangeJournal;
}
