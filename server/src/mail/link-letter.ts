import type { Language } from '@perch/shared';
import { oneLine } from '../recordings/title.ts';
import { mailed } from '../words/words.ts';
import { mailDates } from './mail-dates.ts';
import type { Letter } from './smtp.ts';

/** What is said of a link with which somebody chooses a password. */
export interface LinkAbout {
  /** The name of the organization. */
  readonly organization: string;
  readonly url: string;
  readonly expiresAt: number;
  /** Is it their first one? */
  readonly isInvitation: boolean;
  /** Of the recipient. */
  readonly language: Language;
}

const untilIn = mailDates({ dateStyle: 'full', timeStyle: 'short' });

/** PURE. */
export function linkLetter({ organization, url, expiresAt, isInvitation, language }: LinkAbout): Letter {
  const say = (english: string, values = {}): string => mailed(language, english, values);
  return {
    subject: oneLine(
      isInvitation
        ? say('Your access to {organization}', { organization })
        : say('Your password for {organization}', { organization }),
    ),
    text: [
      isInvitation
        ? say('You are invited to the phone system of {organization}. Choose a password here:', {
            organization,
          })
        : say('Here you can choose a new password for the phone system of {organization}:', { organization }),
      '',
      url,
      '',
      say('The link works once, until {until}.', { until: untilIn(language, expiresAt) }),
      isInvitation
        ? say('If you know nothing of this, do nothing.')
        : say('If you have not asked for it, do nothing: your password stays as it is.'),
      '',
    ].join('\n'),
  };
}
