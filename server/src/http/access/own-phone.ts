import type { Extension } from '../../exchange/contract/extensions.ts';
import type { Management } from '../../management/management.ts';
import { Refusal } from '../../management/refusal.ts';
import type { EnrolledBrowser } from '../../management/terminals.ts';

const NOT_OWN_PHONE = new Refusal(
  'not-own-phone',
  'That is changed on your own phone only, while nobody else is on it.',
);

/** The owner, at home, of a personal phone: the only one who may change there what is theirs. */
export async function ownerAt(
  { exchanges, extensions }: Management,
  { organization, terminal }: EnrolledBrowser,
): Promise<Extension | Refusal> {
  const owner = await exchanges.of(organization).mailboxes.ownerAt(terminal);
  return (owner === null ? undefined : extensions.byId(owner)) ?? NOT_OWN_PHONE;
}
