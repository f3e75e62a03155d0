import type { MediaEngine } from '../media/endpoint.ts';
import type { Chance } from '../world/chance.ts';
import type { BookStore, VerifySecret } from './book/ports.ts';
import type { HelpCallStore } from './call/admission/help-call-store.ts';
import type { PushMessages } from './call/pushed/ports.ts';
import type { LadderBoard } from './ladder/ladder-shelf.ts';
import type { OwnStore } from './own/ports.ts';
import type { CallStore, Clock, ExchangeJournal, Organization } from './ports.ts';
import type { StayTermStore } from './limits/stay-term-store.ts';
import type { VirtualizationStore } from './virtualization-store.ts';
import type { VoicemailWorld } from './voicemail/voicemail.ts';

/** What an exchange needs of the world: what its rooms need of it. */
export interface ExchangePorts {
  readonly organization: Organization;
  readonly book: BookStore;
  readonly verifySecret: VerifySecret;
  readonly virtualizations: VirtualizationStore;
  readonly stayTerms: StayTermStore;
  readonly own: OwnStore;
  readonly calls: CallStore;
  readonly helpCalls: HelpCallStore;
  readonly pushMessages: PushMessages;
  readonly voicemail: Omit<VoicemailWorld, 'pins'>;
  /** How long phones ring before the call counts as not answered (milliseconds). */
  readonly noAnswerMs: number;
  readonly media: MediaEngine;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly journal: ExchangeJournal;
  /** Where its SIP messages are kept, beside those of the other organizations of the process. */
  readonly ladderBoard: LadderBoard;
}
