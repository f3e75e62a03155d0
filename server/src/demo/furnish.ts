import type { SipCredentials } from '@perch/shared';
import { Misconfigured } from '../config/misconfigured.ts';
import { enrolmentUrl, sipUrl } from '../http/links.ts';
import type { Acting } from '../management/extensions.ts';
import type { Management } from '../management/management.ts';
import { Refusal } from '../management/refusal.ts';
import { EXTENSIONS, ORGANIZATION } from './organization.ts';

/** A browser that opens a demo link becomes that phone; a link works for this many browsers, and a year. */
const LINK = { uses: 1000, hours: 8760 };

interface Furnished {
  readonly number: string;
  readonly name: string;
  readonly secretCode: string | null;
  readonly voicemailPin: string | null;
  readonly allowVirtualization: boolean;
  readonly sip: SipCredentials;
}

/** The links to open, and the credentials to sign in with. */
export interface Demo {
  readonly url: string;
  readonly sip: { readonly url: string; readonly domain: string };
  readonly admin: { readonly url: string; readonly email: string; readonly password: string };
  readonly extensions: readonly (Furnished & { readonly phoneUrl: string })[];
  readonly stations: readonly (Furnished & { readonly stationUrl: string })[];
}

/**
 * Creates what the demo's organization, or one like it, does not have yet, and a link for each of its phones.
 * @throws {Misconfigured} where there are other organizations only.
 */
export async function furnish(
  management: Management,
  url: string,
  passwordOf: (owner: string) => string,
  organization = ORGANIZATION,
): Promise<Demo> {
  const email = organization.administratorEmail;
  const admin = { url: `${url}/admin`, email, password: passwordOf(email) };
  await createFirst(management, organization, admin);
  const acting = actingOf(management, organization);
  const extensions = [];
  const stations = [];
  for (const wish of EXTENSIONS) {
    const { number, name, secretCode, voicemailPin, allowVirtualization } = wish;
    const sip = { username: number, password: passwordOf(number) };
    await createExtension(management, acting, wish, sip.password);
    const { extension, code } = granted(await management.terminals.issueEnrolment(acting, number, LINK));
    const link = enrolmentUrl(url, extension, code);
    const furnished = { number, name, secretCode, voicemailPin, allowVirtualization, sip };
    if (wish.kind === 'station') stations.push({ ...furnished, stationUrl: link });
    else extensions.push({ ...furnished, phoneUrl: link });
  }
  return { url, sip: { url: sipUrl(url), domain: organization.domain }, admin, extensions, stations };
}

async function createFirst(
  { setup }: Management,
  { name, domain, emergencyNumbers }: typeof ORGANIZATION,
  administrator: { email: string; password: string },
) {
  const { token } = setup;
  if (token === undefined) return;
  const organization = { name, domain, emergencyNumbers };
  granted(await setup.complete({ token, organization, administrator }));
}

function actingOf({ extensions }: Management, organization: typeof ORGANIZATION): Acting {
  for (const { id, domain } of extensions.organizations())
    if (domain === organization.domain) return { organization: id, who: organization.administratorEmail };
  throw new Misconfigured('The data folder holds another organization. Give the demo its own PERCH_DATA.');
}

async function createExtension(
  { extensions }: Management,
  acting: Acting,
  wish: (typeof EXTENSIONS)[number],
  sipPassword: string,
): Promise<void> {
  const { number, secretCode, voicemailPin } = wish;
  const known = extensions.find(acting.organization, number);
  const extension =
    known instanceof Refusal ? granted(await extensions.create(acting, wish, sipPassword)) : known;
  if (secretCode !== null && !extension.hasSecretCode)
    granted(await extensions.setSecretCode(acting, number, secretCode));
  if (voicemailPin !== null && !extension.hasVoicemailPin)
    granted(await extensions.setVoicemailPin(acting, number, voicemailPin));
}

/** @throws where the demo's organization breaks a rule of the product: an error in the demo. */
function granted<Answer>(answer: Answer | Refusal): Answer {
  if (answer instanceof Refusal) throw new Error(answer.detail);
  return answer;
}
