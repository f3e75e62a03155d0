import type { CallForwards, Facts } from '@perch/shared';
import type { Extension } from '../exchange/contract/extensions.ts';
import type { StoredPerson } from './repositories.ts';

/** Such as `longestMinutes 480, timeOfDay 18:30`. */
const wordsOf = (facts: Facts): string =>
  Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');

/** Such as `always 102, unanswered 103 15`; `null` where calls go on nowhere. */
const forwardWords = ({ unanswered, ...others }: CallForwards): string | null =>
  wordsOf({ ...others, unanswered: unanswered && `${unanswered.to} ${unanswered.seconds}` }) || null;

/** What the audit says of an extension; no secret. PURE. */
export const extensionFacts = (extension: Omit<Extension, 'id' | 'terminal' | 'organization'>): Facts => ({
  name: extension.name,
  kind: extension.kind,
  group: extension.group,
  place: extension.place,
  plan: extension.plan && `${extension.plan.x}, ${extension.plan.y}`,
  callBack: extension.callBack,
  language: extension.language,
  doNotDisturb: extension.doNotDisturb,
  forwards: forwardWords(extension.forwards),
  allowVirtualization: extension.allowVirtualization,
  suspended: extension.suspended,
  stayLimits: extension.stayLimits && wordsOf(extension.stayLimits),
  kiosk: extension.kind === 'station' ? extension.kiosk : null,
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
