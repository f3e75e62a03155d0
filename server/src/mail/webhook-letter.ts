import type { Language, WebhookOff } from '@perch/shared';
import { oneLine } from '../recordings/title.ts';
import { mailed } from '../words/words.ts';
import type { Letter } from './smtp.ts';

const WHY: Readonly<Record<WebhookOff, string>> = {
  'switched-off': 'An administrator has turned it off.',
  gone: 'Its receiver has answered that it is gone for good (HTTP 410).',
  failing: 'No message could be delivered for three days.',
  'too-many-waiting': 'More than 10,000 messages were waiting to be delivered.',
};

/** To an administrator: a webhook was turned off by itself. PURE. */
export function webhookLetter(about: {
  readonly organization: string;
  /** Of the webhook. */
  readonly name: string;
  readonly why: WebhookOff;
  /** Where it can be turned on again. */
  readonly url: string;
  /** Of the recipient. */
  readonly language: Language;
}): Letter {
  const { organization, language, url } = about;
  const say = (english: string, values = {}): string => mailed(language, english, values);
  const name = oneLine(about.name);
  return {
    subject: oneLine(say('Webhook {name} of {organization} is off', { name: about.name, organization })),
    text: [
      say('Nothing is sent to the webhook “{name}” any more.', { name }),
      '',
      say('Why: {why}', { why: say(WHY[about.why]) }),
      say(
        'What happens until it is turned on again is never sent to it. Its last messages, with their answers, are here:',
      ),
      '',
      url,
      '',
    ].join('\n'),
  };
}
