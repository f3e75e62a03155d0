import type { ExtensionNumber, MessageCounts, TerminalId } from '@perch/shared';
import type { EventPackage } from '../../sip/user-agent/subscriptions/subscription.ts';

/** Message waiting (RFC 3842 §3). */
export const MESSAGE_SUMMARY: EventPackage = {
  name: 'message-summary',
  contentType: 'application/simple-message-summary',
  leastSeconds: 60,
  mostSeconds: 3600,
};

/** What a terminal's message lamp shows: the mailbox of the extension that speaks through it. */
export interface Lamp {
  readonly account: ExtensionNumber;
  readonly counts: MessageCounts;
}

/** Asked for a lamp whenever one is told, so that nothing of an earlier speaker is kept that could be told late. */
export interface LampSource {
  /** The mailbox of the extension that speaks through a terminal at this instant; `undefined` where none does. */
  lamp(terminal: TerminalId): Lamp | undefined;
}

/** A lamp as phones are told of it. */
export interface MessageSummary {
  readonly body: string;
  readonly lit: boolean;
}

/** Without a lamp, as on a locked terminal, no messages wait and no extension is named. */
const DARK: MessageSummary = { body: 'Messages-Waiting: no\r\n', lit: false };

/** The body of a NOTIFY about a lamp (RFC 3842 §3.5, §5.2). None of our messages is urgent. PURE. */
export function messageSummary(lamp: Lamp | undefined, domain: string): MessageSummary {
  if (lamp === undefined) return DARK;
  const { account, counts } = lamp;
  const lit = counts.new > 0;
  const body =
    `Messages-Waiting: ${lit ? 'yes' : 'no'}\r\n` +
    // Escaped as a URI's user part is (RFC 3261 §19.1.2), so that nothing in it can begin a line of its own.
    `Message-Account: sip:${encodeURIComponent(account)}@${domain}\r\n` +
    `Voice-Message: ${counts.new}/${counts.heard} (0/0)\r\n`;
  return { body, lit };
}
