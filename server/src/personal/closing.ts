import { type CallForwards, forwardTargets, NIGHTLY, type OrganizationId } from '@perch/shared';
import type { Management } from '../management/management.ts';
import { Refusal } from '../management/refusal.ts';
import { timeOf } from './person.ts';
import type { ErasurePorts } from './ports.ts';

type Closing = Pick<ErasurePorts, 'closeAccounts' | 'closeExtension' | 'forgetMessagesFrom' | 'isInCall'>;

/** What is to be changed where people and phones are before somebody can be forgotten. */
export function closing({ people, extensions, exchanges }: Management): Closing {
  const byPerch = (organization: OrganizationId) => ({ organization, who: NIGHTLY });

  return {
    closeAccounts: ({ accounts }) => people.forget(accounts.map(({ id }) => id)),

    async closeExtension(organization, person) {
      const emails = person.accounts.map(({ email }) => email);
      const all = extensions.all({ organization });
      const numbers = new Set<string>(all.map(({ number }) => number));
      const isTheirs = (number: string | null) =>
        number !== null &&
        number === person.extension?.number &&
        (all.find((each) => each.number === number)?.id ?? person.extension.id) === person.extension.id;
      for (const other of all) {
        if (other.id === person.extension?.id) continue;
        const change = {
          ...(isTheirs(other.callBack) && { callBack: null }),
          ...(forwardTargets(other.forwards).some(isTheirs) && {
            // One that leads nowhere would be refused.
            forwards: forwardsTo(other.forwards, (to) => numbers.has(to) && !isTheirs(to)),
          }),
          ...(other.voicemailMail !== null &&
            emails.includes(other.voicemailMail) && { voicemailMail: null }),
        };
        if (Object.keys(change).length > 0)
          done(await extensions.change(byPerch(organization), other.number, change));
      }
      const own = person.extension && extensions.byId(person.extension.id);
      if (own) done(await extensions.delete(byPerch(organization), own.number));
    },

    async forgetMessagesFrom(organization, { extension }) {
      if (extension === null) return;
      const { number } = extension;
      await exchanges.of(organization).mailboxes.forgetFrom({ number, ...timeOf(extension) });
    },

    async isInCall(organization, { extension }) {
      return (
        extension !== null &&
        exchanges.of(organization).isInCall(extension.id, extension.number, timeOf(extension).until)
      );
    },
  };
}

/** Without the targets that are not to stay. */
const forwardsTo = (
  { always, busy, unanswered, unreachable }: CallForwards,
  stays: (to: string) => boolean,
): CallForwards => {
  const kept = (to: string | null) => (to !== null && stays(to) ? to : null);
  return {
    ...{ always: kept(always), busy: kept(busy), unreachable: kept(unreachable) },
    unanswered: unanswered && stays(unanswered.to) ? unanswered : null,
  };
};

/** @throws where it was refused: it is tried again then. */
function done(answer: unknown): void {
  if (answer instanceof Refusal && answer.code !== 'not-found') throw new Error(answer.detail);
}
