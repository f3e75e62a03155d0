import { api } from '@perch/shared';
import type { MailboxView, Party, VoicemailMessage } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import type { MailboxRefusal, MailboxVisitor } from '../../exchange/contract/mailboxes.ts';
import type { MailboxControl } from '../../management/ports.ts';
import { Refusal } from '../../management/refusal.ts';
import type { EnrolledBrowser } from '../../management/terminals.ts';
import { browserOf, changePace } from '../access/change-pace.ts';
import { failureLimit } from '../access/failure-limit.ts';
import { ownerAt } from '../access/own-phone.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';
import { SoundFile } from '../files/sound-file.ts';
import { terminalToken } from '../access/terminal-token.ts';

type Caller = EnrolledBrowser & { readonly token: string };

/** The mailbox of the extension that speaks through a terminal, for its pages. */
export function voicemailRoutes(app: FastifyInstance, { management, convertSound }: HttpPorts): void {
  const { exchanges, extensions } = management;
  // The exchange guards each mailbox; these keep one browser, and one network, from making it work without end.
  const ofBrowser = failureLimit(app, 5, (request) => browserOf(terminalToken(request)));
  const ofAddress = failureLimit(app, 30);
  const paced = changePace(app);

  const mailboxesOf = ({ organization }: Caller): MailboxControl => exchanges.of(organization).mailboxes;

  const viewOf = async (caller: Caller): Promise<MailboxView | Refusal> => {
    const view = await mailboxesOf(caller).view(visitor(caller));
    return view === 'locked' ? REFUSED[view] : view;
  };

  operation(app, management, api.mailbox, ({ caller }) => viewOf(caller));

  operation(app, management, api.unlockMailbox, async ({ caller, body, request }) => {
    const unlock = async () => {
      const outcome = await mailboxesOf(caller).unlock(visitor(caller), body.pin);
      return outcome === 'open' ? outcome : REFUSED[outcome];
    };
    // In this order: a browser that is refused already does not count against its network.
    const outcome = await ofBrowser(request, () => ofAddress(request, unlock));
    return outcome instanceof Refusal ? outcome : viewOf(caller);
  });

  operation(app, management, api.recording, async ({ caller, params }) => {
    const file = await mailboxesOf(caller).recording(visitor(caller), params.message);
    if (typeof file === 'string') return REFUSED[file];
    const view = await viewOf(caller);
    const shown = view instanceof Refusal ? [] : view.messages;
    return new SoundFile(file, nameOf(shown.find(({ id }) => id === params.message)));
  });

  operation(app, management, api.markMessage, ({ caller, params, body, request }) =>
    paced(request, async () =>
      concluded(await mailboxesOf(caller).markHeard(visitor(caller), params.message, body.heard)),
    ),
  );

  operation(app, management, api.deleteMessage, ({ caller, params, request }) =>
    paced(request, async () => concluded(await mailboxesOf(caller).delete(visitor(caller), params.message))),
  );

  operation(app, management, api.restoreMessage, ({ caller, params, request }) =>
    paced(request, async () => concluded(await mailboxesOf(caller).restore(visitor(caller), params.message))),
  );

  operation(app, management, api.greeting, async ({ caller }) => {
    const file = await mailboxesOf(caller).greeting(visitor(caller));
    return typeof file === 'string' ? REFUSED[file] : new SoundFile(file, 'Greeting');
  });

  operation(app, management, api.replaceGreeting, async ({ caller, body }) => {
    const mailboxes = mailboxesOf(caller);
    const begun = await mailboxes.beginGreeting(visitor(caller));
    if (typeof begun === 'string') return REFUSED[begun];
    const packets = await convertSound(body);
    if (packets instanceof Refusal) return packets;
    return concluded(await mailboxes.replaceGreeting(visitor(caller), begun, packets)) ?? viewOf(caller);
  });

  operation(app, management, api.removeGreeting, ({ caller, request }) =>
    paced(request, async () => concluded(await mailboxesOf(caller).removeGreeting(visitor(caller)))),
  );

  operation(app, management, api.setOwnVoicemailPin, ({ caller, body, request }) =>
    paced(request, async () => {
      const owner = await ownerAt(management, caller);
      return owner instanceof Refusal ? owner : extensions.setVoicemailPin(owner, owner.number, body.pin);
    }),
  );

  operation(app, management, api.setVoicemailMail, ({ caller, body, request }) =>
    paced(request, async () => {
      const owner = await ownerAt(management, caller);
      if (owner instanceof Refusal) return owner;
      const acting = { organization: owner.organization, who: owner.number };
      const changed = await extensions.change(acting, owner.number, { voicemailMail: body.mailTo });
      return changed instanceof Refusal ? changed : undefined;
    }),
  );
}

const REFUSED: Readonly<Record<MailboxRefusal | 'wrong-pin', Refusal>> = {
  locked: new Refusal('phone-locked', 'There is no mailbox to show on this phone now.'),
  'pin-needed': new Refusal('pin-needed', 'Enter the voicemail PIN first.'),
  'wrong-pin': new Refusal('wrong-pin', 'That PIN is wrong.'),
  'not-found': new Refusal('not-found', 'That is not in this mailbox.'),
  'disk-full': new Refusal('disk-full', 'The server has no room for another recording.'),
};

const concluded = (outcome: 'done' | MailboxRefusal): Refusal | undefined =>
  outcome === 'done' ? undefined : REFUSED[outcome];

const visitor = ({ terminal, token }: Caller): MailboxVisitor => ({ terminal, browser: browserOf(token) });

const whoIs = ({ number, name }: Party): string => (name === number ? number : `${number} ${name}`);

/** A name by which people can find it: from whom, and when. */
function nameOf(message: VoicemailMessage | undefined): string {
  if (!message) return 'Voicemail';
  const minute = new Date(message.at).toISOString().slice(0, 16).replace('T', ' ').replace(':', '.');
  return `Voicemail from ${whoIs(message.from)} ${minute} UTC`;
}
