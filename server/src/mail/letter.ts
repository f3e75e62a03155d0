import { type DepositReason, isWithheld, type Language, type Party } from '@perch/shared';
import { nameOf, oneLine } from '../recordings/title.ts';
import { mailed } from '../words/words.ts';
import { mailDates } from './mail-dates.ts';
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

const whenIn = mailDates({
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
  const { from, mailbox, at, durationMs, reason, language } = mail;
  const say = (english: string, values = {}): string => mailed(language, english, values);
  const who = whoIn(language, from);
  const subject = say('Message from {who}', { who });
  const about = { who, mailbox: nameOf(mailbox) };
  const facts = [
    [say('When:'), whenIn(language, at)],
    [say('Length:'), lengthOf(durationMs)],
    [say('Why:'), say(REASONS[reason])],
  ] as const;
  const width = Math.max(...facts.map(([what]) => what.length));
  return {
    subject,
    text: [
      isWithheld(from)
        ? say('A withheld number called {mailbox} and left a message.', about)
        : say('{who} called {mailbox} and left a message.', about),
      '',
      ...facts.map(([what, fact]) => `${what.padEnd(width)} ${fact}`),
      '',
      isWithheld(from)
        ? say('The message is attached. To delete it, open the mailbox:')
        : say('The message is attached. To call back, or to delete it, open the mailbox:'),
      new URL(`/phone/${encodeURIComponent(mailbox.number)}`, publicUrl).href,
      '',
    ].join('\n'),
    fileName: fileNameOf(subject, at),
  };
}

/** Who has called; a party without number and name, and one that is withheld, in words. */
function whoIn(language: Language, from: Party): string {
  if (isWithheld(from)) return mailed(language, 'a withheld number');
  return oneLine(from.name + from.number) === '' ? mailed(language, 'unknown') : nameOf(from);
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
