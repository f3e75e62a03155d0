import { type DepositReason, isWithheld } from '@perch/shared';
import { nameOf, oneLine, titleOf } from '../recordings/title.ts';
import type { OutgoingMail } from './ports.ts';
import type { Letter } from './smtp.ts';

/** What a mail about a message says. */
interface MessageLetter extends Letter {
  /** What the recording is called in the recipient's folder. */
  readonly fileName: string;
}

const REASONS: Readonly<Record<DepositReason, string>> = {
  'no-answer': 'Nobody answered.',
  busy: 'The phone was busy.',
  declined: 'The call was declined.',
  'do-not-disturb': 'Do not disturb was on.',
  'forward-loop': 'Forwards led in a circle.',
  offline: 'The phone was offline.',
  'base-offline': 'The extension was on another phone, and that one was offline.',
  homeless: 'Somebody else was on the phone.',
  'desk-in-use': 'Somebody else was at the desk.',
};

/** Times are given in the server's time zone, which `TZ` sets. */
const WHEN = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** @param publicUrl where browsers reach the server. */
export function letterAbout(mail: OutgoingMail, publicUrl: URL): MessageLetter {
  const { from, mailbox, at, durationMs, reason } = mail;
  const subject = titleOf(from);
  return {
    subject,
    text: [
      `${isWithheld(from) ? 'A withheld number' : nameOf(from)} called ${nameOf(mailbox)} and left a message.`,
      '',
      `When:   ${WHEN.format(at)}`,
      `Length: ${lengthOf(durationMs)}`,
      `Why:    ${REASONS[reason]}`,
      '',
      isWithheld(from)
        ? 'The message is attached. To delete it, open the mailbox:'
        : 'The message is attached. To call back, or to delete it, open the mailbox:',
      new URL(`/phone/${encodeURIComponent(mailbox.number)}`, publicUrl).href,
      '',
    ].join('\n'),
    fileName: fileNameOf(subject, at),
  };
}

/** Minutes and seconds, `1:05`; never 0:00. */
function lengthOf(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Characters that every file system accepts. `.opus` is the name that RFC 7845 §9 gives such files. */
function fileNameOf(title: string, at: number): string {
  const day = new Date(at).toISOString().slice(0, 10);
  return `${oneLine(`${day} ${title}`.replace(/[\\/:*?"<>|.]/g, ' '))}.opus`;
}
