import type { PageRequest } from '@perch/shared';
import type { Answer, Command, CommandKind } from '../../exchange/contract/commands.ts';
import type { FeedKind, Subject, Told } from '../../exchange/contract/feeds.ts';
import type { FlowEvent, FlowOrder } from '../../exchange/contract/flows.ts';
import type { Following, OrganizationPort } from '../port.ts';

interface Follower {
  readonly subject: Subject;
  readonly hear: (told: never) => void;
}

/** For tests: an organization without an exchange. It notes what reaches it, and answers and tells what the test says. */
export class FakeOrganization implements OrganizationPort {
  /** What it was told, without messages, which are for `heard` only. */
  readonly told: FlowEvent[] = [];
  readonly asked: Command[] = [];
  readonly requested: PageRequest[] = [];
  /** The next answers; an error rejects. */
  readonly answers: (Answer<CommandKind> | Error)[] = [];
  readonly #followers = new Set<Follower>();
  readonly #heard: (event: FlowEvent) => void;

  constructor(heard: (event: FlowEvent) => void = () => undefined) {
    this.#heard = heard;
  }

  tell(event: FlowEvent): void {
    if (event.kind !== 'message') this.told.push(event);
    this.#heard(event);
  }

  async ask<K extends CommandKind>(command: Command<K>): Promise<Answer<K>> {
    this.asked.push(command as Command);
    const answer = this.answers.shift() ?? 'done';
    if (answer instanceof Error) throw answer;
    return answer as Answer<K>;
  }

  follow<K extends FeedKind>(subject: Subject<K>, hear: (told: Told<K>) => void): Following {
    const follower: Follower = { subject: subject as Subject, hear };
    this.#followers.add(follower);
    return {
      request: (request) => void this.requested.push(request),
      close: () => void this.#followers.delete(follower),
    };
  }

  /** What is followed now. */
  get followed(): readonly Subject[] {
    return Array.from(this.#followers, ({ subject }) => subject);
  }

  order(order: FlowOrder): void {
    this.say('flows', order);
  }

  /** Tells it to those that follow such a subject. */
  say<K extends FeedKind>(kind: K, told: Told<K>): void {
    for (const { subject, hear } of this.#followers) if (subject.kind === kind) hear(told as never);
  }
}
