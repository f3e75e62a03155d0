import type { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import type { MailSettings } from '../config/mail.ts';
import type { Clock } from '../world/clock.ts';
import { isMailAddress } from './address.ts';

/** What a mail says. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
}

/** A mail that is ready to go. */
export interface ReadyMail {
  readonly to: string;
  /** The same at each attempt, so that a mail that arrived twice can be recognized (RFC 5322 §3.6.4). */
  readonly id: string;
  readonly letter: Letter;
  /** A sound that goes with it, and what it is called in the recipient's folder. */
  readonly recording?: { readonly fileName: string; readonly content: Readable };
}

/** What became of an attempt: `refused` is for good; `unreachable` says nothing about this mail. */
export type Delivery =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' | 'put-off' | 'unreachable'; readonly error: Error };

/** Hands in one mail; never rejects. */
export type Deliver = (mail: ReadyMail, signal: AbortSignal) => Promise<Delivery>;

/** How long a mail server may take (milliseconds). */
export interface Patience {
  /** To a connection, and again to its greeting. */
  readonly connectMs: number;
  /** Without an octet. */
  readonly silenceMs: number;
  /** For everything. */
  readonly wholeMs: number;
}

const PATIENCE: Patience = { connectMs: 15_000, silenceMs: 60_000, wholeMs: 5 * 60_000 };

/** Where a person waits for it. */
export const SOON: Patience = { connectMs: 4_000, silenceMs: 8_000, wholeMs: 12_000 };

/** Hands mail to an SMTP server (RFC 5321, RFC 6409). */
export function smtpDelivery(
  { server, from }: Pick<MailSettings, 'server' | 'from'>,
  clock: Clock,
  patience: Patience = PATIENCE,
): Deliver {
  const { host, port, secure, account } = server;
  const isHere = /^(localhost|127\..*|::1)$/.test(host);
  const transport = createTransport({
    host,
    port,
    secure,
    // No one can listen in on loopback, and a local server seldom has a certificate.
    ignoreTLS: isHere,
    // A password is never sent in the clear, even if an attacker hides STARTTLS.
    requireTLS: !isHere && !secure && account !== undefined,
    ...(account && { auth: { user: account.user, pass: account.password } }),
    connectionTimeout: patience.connectMs,
    greetingTimeout: patience.connectMs,
    dnsTimeout: patience.connectMs,
    socketTimeout: patience.silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);

  return async ({ to, id, letter, recording }, signal) => {
    const whole = new AbortController();
    const cancelLimit = clock.after(patience.wholeMs, () => whole.abort());
    try {
      // nodemailer would understand more than one.
      if (!isMailAddress(to)) return { kind: 'refused', error: new Error('no address') };
      await transport.sendMail({
        from,
        to: { name: '', address: to },
        envelope: { from: from.address, to: [to] },
        messageId: `<${id}@${domain}>`,
        subject: letter.subject,
        text: letter.text,
        headers: { 'Auto-Submitted': 'auto-generated' },
        ...(recording && {
          attachments: [
            { filename: recording.fileName, content: recording.content, contentType: 'audio/ogg' },
          ],
        }),
        signal: AbortSignal.any([signal, whole.signal]),
      });
      return { kind: 'accepted' };
    } catch (error) {
      return { kind: verdictOf(error as SmtpError), error: error as Error };
    } finally {
      cancelLimit();
      recording?.content.destroy();
    }
  };
}

interface SmtpError extends Error {
  readonly code?: string;
  /** The SMTP command that failed; `API` where none was sent. */
  readonly command?: string;
  readonly permanent?: boolean;
}

/** What a failure says about the mail: only a refusal of its recipient or content is final. */
function verdictOf({ code, command, permanent }: SmtpError): Exclude<Delivery['kind'], 'accepted'> {
  if (code === 'EMESSAGE') return permanent === false ? 'put-off' : 'refused';
  if (code !== 'EENVELOPE') return 'unreachable';
  return command === 'API' || (permanent === true && command !== 'MAIL FROM') ? 'refused' : 'put-off';
}
