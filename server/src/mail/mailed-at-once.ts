import type { Language, OrganizationId, WebhookOff } from '@perch/shared';
import type { MailSettings } from '../config/mail.ts';
import type { World } from '../world/world.ts';
import { type LinkAbout, linkLetter } from './link-letter.ts';
import { SOON, smtpDelivery } from './smtp.ts';
import { webhookLetter } from './webhook-letter.ts';

/** Links are mailed at once or not at all: they are secrets, which no outbox keeps. @returns whether the mail server has taken it. */
export function linksMailed(settings: MailSettings, { clock, chance }: World) {
  const deliver = smtpDelivery(settings, clock, SOON);
  return async (link: LinkAbout & { readonly to: string }): Promise<boolean> => {
    const mail = { to: link.to, id: chance.id(), letter: linkLetter(link) };
    return (await deliver(mail, new AbortController().signal)).kind === 'accepted';
  };
}

/** Whom to tell of an organization. */
interface Administrators {
  readonly nameOf: (organization: OrganizationId) => string;
  /** With the language of each. */
  readonly administrators: (
    organization: OrganizationId,
  ) => Promise<readonly { readonly email: string; readonly language: Language }[]>;
}

/** A webhook of an organization was turned off by itself: each of its administrators is told. */
export function administratorsTold(
  settings: MailSettings,
  { clock, chance }: World,
  { nameOf, administrators }: Administrators,
) {
  const deliver = smtpDelivery(settings, clock, SOON);
  return async (
    organization: OrganizationId,
    about: { readonly name: string; readonly why: WebhookOff },
  ): Promise<void> => {
    const url = new URL('/admin/organization/webhooks', settings.publicUrl).href;
    for (const { email: to, language } of await administrators(organization)) {
      const letter = webhookLetter({ organization: nameOf(organization), ...about, url, language });
      await deliver({ to, id: chance.id(), letter }, new AbortController().signal);
    }
  };
}
