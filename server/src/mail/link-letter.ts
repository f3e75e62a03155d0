import { oneLine } from '../recordings/title.ts';
import type { Letter } from './smtp.ts';

/** What is said of a link with which somebody chooses a password. */
export interface LinkAbout {
  /** The name of the organization. */
  readonly organization: string;
  readonly url: string;
  readonly expiresAt: number;
  /** Is it their first one? */
  readonly isInvitation: boolean;
}

/** Times are given in the server's time zone, which `TZ` sets. */
const WHEN = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short' });

/** PURE. */
export function linkLetter({ organization, url, expiresAt, isInvitation }: LinkAbout): Letter {
  return {
    subject: oneLine(isInvitation ? `Your access to ${organization}` : `Your password for ${organization}`),
    text: [
      isInvitation
        ? `You are invited to the phone system of ${organization}. Choose a password here:`
        : `Here you can choose a new password for the phone system of ${organization}:`,
      '',
      url,
      '',
      `The link works once, until ${WHEN.format(expiresAt)}.`,
      isInvitation
        ? 'If you know nothing of this, do nothing.'
        : 'If you have not asked for it, do nothing: your password stays as it is.',
      '',
    ].join('\n'),
  };
}
