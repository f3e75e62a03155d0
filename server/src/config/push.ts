import { networksOf } from './networks.ts';
import type { Variable } from './env.ts';
import { Misconfigured } from './misconfigured.ts';
import type { MailSettings } from './mail.ts';

/** How push messages are sent. */
export interface PushSettings {
  /** Who runs this server, for push services that want to talk to them (RFC 8292 §2.1): `mailto:` or `https:`. */
  readonly contact: string;
  /** May a push service be at that address, which is not a public one? `undefined`: at none. */
  readonly isOwn: ((address: string) => boolean) | undefined;
}

/** Where nobody is named. Some push services, Apple's among them, take messages only from servers that name somebody. */
const NOBODY = 'https://localhost';

/**
 * PERCH_PUSH_CONTACT and PERCH_PUSH_NETWORKS.
 * @throws {Misconfigured} with a sentence.
 */
export function pushSettingsOf(
  given: (name: Variable) => string | undefined,
  publicUrl: URL | undefined,
  mail: MailSettings | undefined,
): PushSettings {
  return {
    contact: contactOf(given('PERCH_PUSH_CONTACT')) ?? known(publicUrl, mail),
    isOwn: networksOf('PERCH_PUSH_NETWORKS', given('PERCH_PUSH_NETWORKS')),
  };
}

function contactOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' && !/^mailto:[^@\s]+@[^@\s]+$/.test(text))
    throw new Misconfigured(
      `PERCH_PUSH_CONTACT is ${text}; it looks like mailto:phones@example.org or https://example.org/phones.`,
    );
  return text;
}

function known(publicUrl: URL | undefined, mail: MailSettings | undefined): string {
  if (publicUrl?.protocol === 'https:') return publicUrl.origin;
  return mail === undefined ? NOBODY : `mailto:${mail.from.address}`;
}
