import { isMailAddress } from '../mail/address.ts';
import { Misconfigured } from './misconfigured.ts';

/** The server that mail is submitted to. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first octet; otherwise by STARTTLS, where the server has it. */
  readonly secure: boolean;
  readonly account: { readonly user: string; readonly password: string } | undefined;
}

/** How mail is sent. */
export interface MailSettings {
  readonly server: SmtpServer;
  /** `name` may be empty. */
  readonly from: { readonly name: string; readonly address: string };
  /** Where the links in it lead. */
  readonly publicUrl: URL;
}

const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;

/**
 * PERCH_SMTP_URL and PERCH_MAIL_FROM; `undefined` where neither is set.
 * @throws {Misconfigured} with a sentence that never quotes the URL: it holds a password.
 */
export function mailSettingsOf(
  smtpUrl: string | undefined,
  from: string | undefined,
  publicUrl: URL | undefined,
): MailSettings | undefined {
  if (smtpUrl === undefined && from === undefined) return undefined;
  if (smtpUrl === undefined || from === undefined)
    throw new Misconfigured('PERCH_SMTP_URL and PERCH_MAIL_FROM are set together or not at all.');
  const settings = { server: smtpServerOf(smtpUrl), from: senderOf(from) };
  if (!publicUrl)
    throw new Misconfigured(
      'PERCH_SMTP_URL is set, but not PERCH_PUBLIC_URL: the links in mails need to know where they lead.',
    );
  return { ...settings, publicUrl };
}

function smtpServerOf(text: string): SmtpServer {
  const url = URL.parse(text);
  const secure = url?.protocol === 'smtps:';
  if (!url || !(secure || url.protocol === 'smtp:') || url.hostname === '')
    throw new Misconfigured(
      'PERCH_SMTP_URL is no address of a mail server; it looks like smtps://user:password@mail.example.org. ' +
        'In user and password, write @ as %40, / as %2F, # as %23 and % as %25.',
    );
  if (url.pathname.length > 1 || url.search !== '' || url.hash !== '')
    throw new Misconfigured('PERCH_SMTP_URL has something after host and port; it ends there.');
  if ((url.username === '') !== (url.password === ''))
    throw new Misconfigured('PERCH_SMTP_URL has a user without a password, or a password without a user.');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? SUBMISSIONS_PORT : SUBMISSION_PORT) : Number(url.port),
    secure,
    account:
      url.username === '' ? undefined : { user: decoded(url.username), password: decoded(url.password) },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Misconfigured('PERCH_SMTP_URL has a % that begins no octet; write it as %25.');
  }
}

/** `address`, or `Name <address>`. */
function senderOf(text: string): MailSettings['from'] {
  const [, name = '', bracketed, bare] = /^(?:([^<>\p{C}]*)<([^\s<>]+)>|([^\s<>]+))$/u.exec(text) ?? [];
  const address = bracketed ?? bare;
  if (address === undefined || !isMailAddress(address))
    throw new Misconfigured(
      `PERCH_MAIL_FROM is ${text}; it looks like voicemail@example.org or Perch <voicemail@example.org>.`,
    );
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address };
}
