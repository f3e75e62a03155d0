import type { PageRequest } from '@perch/shared';
import type { Answer, Command, CommandKind } from '../exchange/contract/commands.ts';
import type { FeedKind, Subject, Told } from '../exchange/contract/feeds.ts';
import type { FlowEvent } from '../exchange/contract/flows.ts';

/** Something that is being followed. */
export interface Following {
  /** A page asks for a topic, or for no more of it. */
  request(request: PageRequest): void;
  /** From now on nothing more is told. Twice is harmless. */
  close(): void;
}

/**
 * One organization, wherever its exchange runs. All that crosses its border are the values of `exchange/contract/`, and nothing is
 * answered at once. What is told, asked and requested arrives in that order, and so does what a follower is told, also before the answers that are given
 * later.
 */
export interface OrganizationPort {
  tell(event: FlowEvent): void;
  ask<K extends CommandKind>(command: Command<K>): Promise<Answer<K>>;
  follow<K extends FeedKind>(subject: Subject<K>, hear: (told: Told<K>) => void): Following;
}
