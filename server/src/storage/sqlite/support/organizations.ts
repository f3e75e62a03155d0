import { extensionId, extensionNumber, organizationId, terminalId, NO_FORWARDS } from '@perch/shared';
import type { OrganizationId } from '@perch/shared';
import type { StoredExtension } from '../../../exchange/book/ports.ts';
import type { Storage } from '../../storage.ts';

/** For tests: an organization, and another one that must not see anything of it. */
export const ours = organizationId('o');
export const theirs = organizationId('p');

export const storedExtension = (
  id: string,
  number: string,
  organization: OrganizationId,
): StoredExtension => ({
  id: extensionId(id),
  terminal: terminalId(`phone-${id}`),
  organization,
  number: extensionNumber(number),
  name: id,
  kind: 'person',
  group: null,
  place: null,
  callBack: null,
  language: null,
  doNotDisturb: false,
  forwards: NO_FORWARDS,
  plan: null,
  stayLimits: null,
  kiosk: true,
  allowVirtualization: true,
  hasSecretCode: false,
  secretCodeHash: null,
  hasVoicemailPin: false,
  voicemailPinHash: null,
  voicemailMail: `${id}@example.org`,
  suspended: false,
  digest: null,
});

/** Ours has the named extensions, from 100 on; theirs has `stranger`, 100. */
export async function createOrganizations(storage: Storage, names: readonly string[]): Promise<void> {
  for (const id of [ours, theirs])
    await storage.organizations.create(
      { id, name: id, domain: `${id}.test`, emergencyNumbers: [] },
      {
        id,
        organization: id,
        email: `${id}@demo.test`,
        passwordHash: '',
        roles: ['administrator'],
        extension: null,
        groups: null,
        language: null,
      },
    );
  for (const [index, id] of names.entries())
    await storage.book(ours).insert(storedExtension(id, `10${index}`, ours));
  await storage.book(theirs).insert(storedExtension('stranger', '100', theirs));
}
