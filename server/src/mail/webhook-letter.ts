import type { WebhookOff } from '@perch/shared';
import { oneLine } from '../recordings/title.ts';
import type { Letter } from './smtp.ts';

const WHY: Readonly<Record<WebhookOff, string>> = {
  'switched-off': 'An administrator has turned it off.',
  gone: 'Its receiver has answered that it is gone for good (HTTP 410).',
  failing: 'No message could be delivered for three days.',
  'too-many-waiting': 'More than 10,000 messages were waiting to be delivered.',
};

/** To an administrator: a webhook was turned off by itself. PURE. */
export const webhookLetter = (about: {
  readonly organization: string;
  /** Of the webhook. */
  readonly name: string;
  readonly why: WebhookOff;
  /** Where it can be turned on again. */
  readonly url: string;
}): Letter => ({
  subject: oneLine(`Webhook ${about.name} of ${about.organization} is off`),
  text: [
    `Nothing is sent to the webhook “${oneLine(about.name)}” any more.`,
    '',
    `Why: ${WHY[about.why]}`,
    'What happens until it is turned on again is never sent to it. Its last messages, with their answers, are here:',
    '',
    about.url,
    '',
  ].join('\n'),
});
