import type { Facts } from '@perch/shared';
import type { Extension } from '../exchange/contract/extensions.ts';
import type { StoredPerson } from './repositories.ts';

/** What the audit says of an extension; no secret. PURE. */
export const extensionFacts = (extension: Omit<Extension, 'id' | 'terminal' | 'organization'>): Facts => ({
  name: extension.name,
  kind: extension.kind,
  group: extension.group,
  place: extension.place,
  plan: extension.plan && `${extension.plan.x}, ${extension.plan.y}`,
  callBack: extension.callBack,
  allowVirtualization: extension.allowVirtualization,
  suspended: extension.suspended,
  voicemailMail: extension.voicemailMail,
  hasSecretCode: extension.hasSecretCode,
  hasVoicemailPin: extension.hasVoicemailPin,
});

/** What is to be known of a person beside what they are. */
interface PersonContext {
  /** The number of the extension that is theirs. */
  readonly extension: string | null;
  readonly hasSecondFactor: boolean;
  /** Have they come in through the provider? */
  readonly hasProvider: boolean;
}

/** What the audit says of a person; no secret. PURE. */
export const personFacts = (
  { roles, groups, passwordHash }: StoredPerson,
  { extension, hasSecondFactor, hasProvider }: PersonContext,
): Facts => ({
  roles: [...roles],
  extension,
  groups: groups && [...groups],
  isInvited: passwordHash === null && !hasProvider,
  hasProvider,
  hasSecondFactor,
});
