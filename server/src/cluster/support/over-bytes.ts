import { deserialize, serialize } from 'node:v8';
import type { PageRequest } from '@perch/shared';
import type { Answer, Command, CommandKind } from '../../exchange/contract/commands.ts';
import type { Subject, Told } from '../../exchange/contract/feeds.ts';
import { type FlowEvent, withFrame, withMessage } from '../../exchange/contract/flows.ts';
import type { Following, OrganizationPort } from '../port.ts';

/** From the callers to the organization. `id` is the caller's, for answers and for what a follower is told. */
type Inward =
  | { readonly kind: 'tell'; readonly event: FlowEvent<string> }
  | { readonly kind: 'ask'; readonly id: number; readonly command: Command }
  | { readonly kind: 'follow'; readonly id: number; readonly subject: Subject }
  | { readonly kind: 'request'; readonly id: number; readonly request: PageRequest }
  | { readonly kind: 'leave'; readonly id: number };

/** Back to the callers. */
type Outward =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<CommandKind> }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'told'; readonly id: number; readonly told: Told };

/** One direction of a wire: what is sent arrives later, in order, as a copy made from bytes. */
function wire<Message>(received: (message: Message) => void): (message: Message) => void {
  return (message) => {
    const bytes = serialize(message);
    setImmediate(() => received(deserialize(bytes) as Message));
  };
}

/**
 * For tests: reaches an organization as if it were in another process. Every message in both directions is turned into bytes and back,
 * so that nothing alive can cross, and nothing is answered at once.
 */
export function overBytes(organization: OrganizationPort): OrganizationPort {
  const followed = new Map<number, Following>();
  const asked = new Map<number, PromiseWithResolvers<never>>();
  const followers = new Map<number, (told: never) => void>();
  let ids = 0;

  const outward = wire<Outward>((message) => {
    const { id } = message;
    if (message.kind === 'told') followers.get(id)?.(message.told as never);
    else if (message.kind === 'answer') asked.get(id)?.resolve(message.answer as never);
    else asked.get(id)?.reject(new Error(message.message));
    if (message.kind !== 'told') asked.delete(id);
  });

  const inward = wire<Inward>((message) => {
    switch (message.kind) {
      case 'tell':
        organization.tell(withMessage(message.event));
        return;
      case 'ask': {
        const { id } = message;
        organization.ask(message.command).then(
          (answer) => outward({ kind: 'answer', id, answer }),
          (error: unknown) => outward({ kind: 'failed', id, message: String(error) }),
        );
        return;
      }
      case 'follow': {
        const { id, subject } = message;
        followed.set(
          id,
          organization.follow(subject, (told) => outward({ kind: 'told', id, told })),
        );
        return;
      }
      case 'request':
        followed.get(message.id)?.request(message.request);
        return;
      case 'leave':
        followed.get(message.id)?.close();
        followed.delete(message.id);
    }
  });

  return {
    tell: (event) => inward({ kind: 'tell', event: withFrame(event) }),
    ask: <K extends CommandKind>(command: Command<K>): Promise<Answer<K>> => {
      const id = ++ids;
      const answered = Promise.withResolvers<never>();
      asked.set(id, answered);
      inward({ kind: 'ask', id, command: command as Command });
      return answered.promise;
    },
    follow: (subject, hear) => {
      const id = ++ids;
      followers.set(id, hear);
      inward({ kind: 'follow', id, subject: subject as Subject });
      return {
        request: (request) => {
          if (followers.has(id)) inward({ kind: 'request', id, request });
        },
        close: () => {
          if (followers.delete(id)) inward({ kind: 'leave', id });
        },
      };
    },
  };
}
