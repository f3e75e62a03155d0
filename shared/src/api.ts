import { z } from 'zod';
import { occupancy, terminalView, whereabouts } from './terminal-view.ts';
import { mailboxView, messageCounts } from './voicemail.ts';

/** What dials: 2 to 8 digits. */
const number = z.string().regex(/^\d{2,8}$/, 'An extension number has 2 to 8 digits.');
const displayName = z.string().trim().min(1, 'Give a name.').max(64, 'A name has at most 64 characters.');
const email = z.email('That is not an e-mail address.').max(254).toLowerCase();
/** Unguessable strings that we made: 256 bits in base64url, with room to spare. */
const secret = z.string().min(1).max(128);
/** Milliseconds since 1970-01-01 UTC, by the server's clock. */
const instant = z.number().int();

/** The reasons for a refusal that a page may want to tell apart; the sentence is in `detail`. */
export const problemCode = z.enum([
  'invalid-request',
  'not-signed-in',
  'wrong-credentials',
  'cross-origin',
  'too-many-requests',
  'not-found',
  'setup-closed',
  'number-taken',
  'weak-code',
  'guest-present',
  'not-virtual',
  'enrolment-invalid',
  'terminal-unknown',
  'extension-suspended',
  'nothing-to-undo',
  'nothing-to-return',
  'phone-locked',
  'pin-needed',
  'wrong-pin',
  'not-own-phone',
  'file-too-large',
  'wrong-file-type',
  'unreadable-sound',
  'no-mail',
  'disk-full',
  'unavailable',
]);
export type ProblemCode = z.infer<typeof problemCode>;

/** Every refusal (RFC 9457). `detail` is a sentence for people; `errors` names the fields at fault. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: problemCode,
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;

/** Completes the one-time link `/setup#<token>` that the first start prints. */
export const setup = z.object({
  token: secret,
  organization: z.object({
    name: displayName,
    /** The SIP domain and digest realm: a host name that need not resolve. */
    domain: z
      .string()
      .toLowerCase()
      .max(253)
      .regex(
        /^(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
        'A domain looks like phone.example.org.',
      ),
    /** Dialled from every registered terminal, locked ones too. */
    emergencyNumbers: z
      .array(z.string().regex(/^\d{2,8}$/, 'An emergency number has 2 to 8 digits.'))
      .max(16)
      .default(['112', '911']),
  }),
  administrator: z.object({
    email,
    password: z.string().min(10, 'A password has at least 10 characters.').max(256),
  }),
});
export type Setup = z.infer<typeof setup>;

export const credentials = z.object({ email, password: z.string().min(1).max(256) });
export type Credentials = z.infer<typeof credentials>;

/** Who is signed in. */
export const session = z.object({
  email: z.string(),
  organization: z.object({ name: z.string(), domain: z.string() }),
  expiresAt: instant,
});
export type Session = z.infer<typeof session>;

const extensionKind = z.enum(['person', 'station']);

/** An extension as administrators see it, with where it is at this moment. */
export const extensionView = z
  .object({
    number: z.string(),
    name: z.string(),
    kind: extensionKind,
    allowVirtualization: z.boolean(),
    hasSecretCode: z.boolean(),
    suspended: z.boolean(),
    hasVoicemailPin: z.boolean(),
    /** Where its messages are mailed to; `null` for nowhere. */
    voicemailMail: z.string().nullable(),
    voicemail: messageCounts,
    /** Does the server hold a live registration of its home terminal? */
    registered: z.boolean(),
    whereabouts,
    occupancy,
  })
  .meta({ id: 'Extension' });
export type ExtensionView = z.infer<typeof extensionView>;

export const newExtension = z.object({
  number,
  name: displayName,
  kind: extensionKind,
  allowVirtualization: z.boolean().default(false),
});
export type NewExtension = z.infer<typeof newExtension>;

export const extensionChange = z.object({
  name: displayName.optional(),
  /**
   * Switching off while a guest is on the terminal is refused with `guest-present` until `presentGuest` says what is to
   * become of the guest.
   */
  allowVirtualization: z.boolean().optional(),
  presentGuest: z.enum(['return', 'stay']).optional(),
  /** Suspending ends every virtualization that the extension is part of. */
  suspended: z.boolean().optional(),
  /** Where its voicemail is mailed to, `null` for nowhere; refused with `no-mail` where the server sends none. */
  voicemailMail: email.nullable().optional(),
});
export type ExtensionChange = z.infer<typeof extensionChange>;

/** The rules of a code are `validateSecretCode`'s; a refusal is `weak-code` with the reason. */
export const newSecretCode = z.object({ code: z.string().max(32) });
/** By the same rules as a secret code. */
export const newVoicemailPin = z.object({ pin: z.string().max(32) });

/** Digest credentials for any SIP client over WebSocket. The password is shown this once; issuing anew replaces it. */
export const sipCredentials = z.object({ username: z.string(), password: z.string() });
export type SipCredentials = z.infer<typeof sipCredentials>;

export const newEnrolment = z.object({
  /** How many browsers may open the link. */
  uses: z.number().int().min(1).max(1000).default(1),
  hours: z.number().int().min(1).max(8760).default(72),
});
export type NewEnrolment = z.infer<typeof newEnrolment>;

/** A link that makes a browser the extension's terminal: `/station/201#<code>` or `/phone/101#<code>`. */
export const enrolmentLink = z.object({ url: z.string(), expiresAt: instant, uses: z.number().int() });
export type EnrolmentLink = z.infer<typeof enrolmentLink>;

/** As RTCPeerConnection takes it. */
export const iceServer = z.object({
  urls: z.union([z.string(), z.array(z.string())]),
  username: z.string().optional(),
  credential: z.string().optional(),
});
export type IceServer = z.infer<typeof iceServer>;

/** How a browser connects: the SIP WebSocket, the domain of its address, and what ICE may use. */
const connection = {
  sip: z.object({ url: z.string(), domain: z.string() }),
  iceServers: z.array(iceServer),
};

/** `token` goes into `Authorization: Bearer`, of this API and of SIP, and is told only here. */
export const enrolledTerminal = z.object({
  token: z.string(),
  number: z.string(),
  kind: z.enum(['station', 'phone']),
  ...connection,
});
export type EnrolledTerminal = z.infer<typeof enrolledTerminal>;

export const terminalSettings = z.object({ view: terminalView, ...connection });
export type TerminalSettings = z.infer<typeof terminalSettings>;

/** Every terminal of the organization, in the order of its owners' numbers. */
export const floor = z.object({ at: instant, terminals: z.array(terminalView) });
export type Floor = z.infer<typeof floor>;

/** Who may call an endpoint: anybody, a signed-in administrator (cookie), or an enrolled terminal (Bearer). */
export type Access = 'anyone' | 'administrator' | 'terminal';

/** A sound in the body of a request or of an answer, instead of JSON. */
export interface SoundBody {
  /** Octets at most. */
  readonly most: number;
}

/** One operation of the JSON API: the server registers it, the client calls it, OpenAPI describes it. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:number` where the operation is about one extension, with `:message` where it is about one message. */
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly body?: z.ZodType;
  /** The body is a sound file (`audio/*` or `application/octet-stream`). */
  readonly upload?: SoundBody;
  /** Left out where success is 204. */
  readonly response?: z.ZodType;
  /** Success is an Ogg Opus file (`audio/ogg`, RFC 7845), never to be stored by the browser. */
  readonly sound?: true;
}

export const api = {
  setUp: {
    method: 'POST',
    path: '/api/setup',
    access: 'anyone',
    summary: 'Creates the organization and its administrator, and signs in.',
    body: setup,
    response: session,
  },
  signIn: {
    method: 'POST',
    path: '/api/session',
    access: 'anyone',
    summary: 'Signs an administrator in.',
    body: credentials,
    response: session,
  },
  session: {
    method: 'GET',
    path: '/api/session',
    access: 'administrator',
    summary: 'Who is signed in.',
    response: session,
  },
  signOut: {
    method: 'DELETE',
    path: '/api/session',
    access: 'administrator',
    summary: 'Signs out.',
  },
  extensions: {
    method: 'GET',
    path: '/api/extensions',
    access: 'administrator',
    summary: 'All extensions, in the order of their numbers.',
    response: z.array(extensionView),
  },
  createExtension: {
    method: 'POST',
    path: '/api/extensions',
    access: 'administrator',
    summary: 'Creates an extension and its home terminal.',
    body: newExtension,
    response: extensionView,
  },
  extension: {
    method: 'GET',
    path: '/api/extensions/:number',
    access: 'administrator',
    summary: 'One extension.',
    response: extensionView,
  },
  changeExtension: {
    method: 'PATCH',
    path: '/api/extensions/:number',
    access: 'administrator',
    summary: 'Renames, suspends, or allows virtualization.',
    body: extensionChange,
    response: extensionView,
  },
  deleteExtension: {
    method: 'DELETE',
    path: '/api/extensions/:number',
    access: 'administrator',
    summary: 'Deletes an extension, its terminals and its virtualizations.',
  },
  setSecretCode: {
    method: 'PUT',
    path: '/api/extensions/:number/secret-code',
    access: 'administrator',
    summary: 'Sets or replaces the secret code; a present virtualization stays.',
    body: newSecretCode,
  },
  issueSipCredentials: {
    method: 'POST',
    path: '/api/extensions/:number/sip-credentials',
    access: 'administrator',
    summary: 'Issues digest credentials and withdraws the ones before.',
    response: sipCredentials,
  },
  issueEnrolment: {
    method: 'POST',
    path: '/api/extensions/:number/enrolments',
    access: 'administrator',
    summary: "Issues a link that makes a browser the extension's terminal.",
    body: newEnrolment,
    response: enrolmentLink,
  },
  returnToBase: {
    method: 'POST',
    path: '/api/extensions/:number/return-to-base',
    access: 'administrator',
    summary: 'Ends the virtualization of this extension.',
    response: extensionView,
  },
  setVoicemailPin: {
    method: 'PUT',
    path: '/api/extensions/:number/voicemail-pin',
    access: 'administrator',
    summary: 'Sets or replaces the PIN of the mailbox.',
    body: newVoicemailPin,
  },
  floor: {
    method: 'GET',
    path: '/api/floor',
    access: 'administrator',
    summary: 'Every terminal: who is on it, since when, and whether it is registered.',
    response: floor,
  },
  redeemEnrolment: {
    method: 'POST',
    path: '/api/enrolments/redeem',
    access: 'anyone',
    summary: 'Turns the code of an enrolment link into a terminal token.',
    body: z.object({ code: secret }),
    response: enrolledTerminal,
  },
  terminal: {
    method: 'GET',
    path: '/api/terminal',
    access: 'terminal',
    summary: 'The terminal of this token; 401 once the token is revoked.',
    response: terminalSettings,
  },
  undo: {
    method: 'POST',
    path: '/api/terminal/undo',
    access: 'terminal',
    summary: "Undoes the terminal's last change, within 30 seconds.",
  },
  returnFromTerminal: {
    method: 'POST',
    path: '/api/terminal/return',
    access: 'terminal',
    summary: 'Does what *30 does on this terminal.',
  },
  mailbox: {
    method: 'GET',
    path: '/api/terminal/voicemail',
    access: 'terminal',
    summary: 'The mailbox of whoever speaks through this terminal.',
    response: mailboxView,
  },
  unlockMailbox: {
    method: 'POST',
    path: '/api/terminal/voicemail/unlock',
    access: 'terminal',
    summary: 'Opens the mailbox to this browser by its PIN, until whoever speaks here changes.',
    body: z.object({ pin: z.string().max(32) }),
    response: mailboxView,
  },
  recording: {
    method: 'GET',
    path: '/api/terminal/voicemail/messages/:message/recording',
    access: 'terminal',
    summary: 'What was recorded.',
    sound: true,
  },
  markMessage: {
    method: 'PATCH',
    path: '/api/terminal/voicemail/messages/:message',
    access: 'terminal',
    summary: 'Marks a message as heard, or as new.',
    body: z.object({ heard: z.boolean() }),
  },
  deleteMessage: {
    method: 'DELETE',
    path: '/api/terminal/voicemail/messages/:message',
    access: 'terminal',
    summary: 'Deletes a message; it can be restored for ten minutes.',
  },
  restoreMessage: {
    method: 'POST',
    path: '/api/terminal/voicemail/messages/:message/restore',
    access: 'terminal',
    summary: 'Undoes the deletion of a message.',
  },
  greeting: {
    method: 'GET',
    path: '/api/terminal/voicemail/greeting',
    access: 'terminal',
    summary: 'The greeting that the owner of the mailbox recorded.',
    sound: true,
  },
  replaceGreeting: {
    method: 'PUT',
    path: '/api/terminal/voicemail/greeting',
    access: 'terminal',
    summary: 'Makes a WAV, Ogg or MP3 file the greeting.',
    upload: { most: 16 * 1024 * 1024 },
    response: mailboxView,
  },
  removeGreeting: {
    method: 'DELETE',
    path: '/api/terminal/voicemail/greeting',
    access: 'terminal',
    summary: 'Callers hear the spoken default again.',
  },
  setOwnVoicemailPin: {
    method: 'PUT',
    path: '/api/terminal/voicemail/pin',
    access: 'terminal',
    summary: "Sets or replaces the PIN of the mailbox: on a person's own phone and without a guest only.",
    body: newVoicemailPin,
  },
  setVoicemailMail: {
    method: 'PUT',
    path: '/api/terminal/voicemail/mail',
    access: 'terminal',
    summary: "Where messages are mailed to: on a person's own phone and without a guest only.",
    body: z.object({ mailTo: email.nullable() }),
  },
  leaveTerminal: {
    method: 'DELETE',
    path: '/api/terminal/token',
    access: 'terminal',
    summary: 'Revokes this token.',
  },
} as const satisfies Record<string, Endpoint>;
