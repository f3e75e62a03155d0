import { NIGHTLY, type OrganizationId } from '@perch/shared';
import type { Management } from '../management/management.ts';
import { Refusal } from '../management/refusal.ts';
import { type Person, timeOf } from './person.ts';
import type { ErasurePorts } from './ports.ts';

type Closing = Pick<ErasurePorts, 'closeAccounts' | 'closeExtension' | 'forgetMessagesFrom' | 'isInCall'>;

/** What is to be changed where people and phones are before somebody can be forgotten. */
export function closing({ people, extensions, exchanges }: Management): Closing {
  const byPerch = (organization: OrganizationId) => ({ organization, who: NIGHTLY });

  return {
    closeAccounts: ({ accounts }) => people.forget(accounts.map(({ id }) => id)),

    async closeExtension(organization, person) {
      const emails = person.accounts.map(({ email }) => email);
      for (const other of extensions.all({ organization })) {
        if (other.id === person.extension?.id) continue;
        const change = {
          ...(isNumberOf(person, other.callBack) && { callBack: null }),
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
      return extension !== null && exchanges.of(organization).isInCall(extension.id, extension.number);
    },
  };
}

const isNumberOf = ({ extension }: Person, number: string | null): boolean =>
  extension !== null && extension.deletedAt === null && number === extension.number;

/** @throws where it was refused: it is tried again then. */
function done(answer: unknown): void {
  if (answer instanceof Refusal && answer.code !== 'not-found') throw new Error(answer.detail);
}
