import * as z from 'zod/mini';
import {
  conference,
  credentials,
  email,
  enrolledTerminal,
  enrolmentLink,
  enrolments,
  extensionChange,
  extensionView,
  floor,
  newEnrolment,
  newExtension,
  newSecretCode,
  newVoicemailPin,
  secret,
  session,
  setup,
  sipCredentials,
  terminalSettings,
} from './api-values.ts';
import { FEATURE_CODES } from './feature-codes.ts';
import { checkResult } from './terminal-view.ts';
import { mailboxView } from './voicemail.ts';

/** Who may call an endpoint: anyone, a signed-in administrator (cookie), or an enrolled terminal (Bearer). */
export type Access = 'anyone' | 'administrator' | 'terminal';

/** A sound in the body of a request or of an answer, instead of JSON. */
export interface SoundBody {
  /** Octets at most. */
  readonly most: number;
}

/** One operation of the JSON API: the server registers it, the client calls it, OpenAPI describes it. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `:number`, `:message` or `:enrolment` where the operation is about one extension, message, browser or link. */
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly body?: z.ZodMiniType;
  /** The body is a sound file (`audio/*` or `application/octet-stream`). */
  readonly upload?: SoundBody;
  /** Left out where success is 204. */
  readonly response?: z.ZodMiniType;
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
    access: 'anyone',
    summary: 'Who is signed in; `null` where nobody is.',
    response: z.object({ session: z.nullable(session) }),
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
  enrolments: {
    method: 'GET',
    path: '/api/extensions/:number/enrolments',
    access: 'administrator',
    summary: "The browsers that are the extension's terminal, and the links that can still be used.",
    response: enrolments,
  },
  revokeBrowser: {
    method: 'DELETE',
    path: '/api/extensions/:number/browsers/:enrolment',
    access: 'administrator',
    summary: 'Makes a browser cease to be the terminal, at once; an answered call goes on until it ends.',
  },
  withdrawEnrolment: {
    method: 'DELETE',
    path: '/api/extensions/:number/enrolments/:enrolment',
    access: 'administrator',
    summary: 'Withdraws a link; browsers that have used it stay as they are.',
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
  checkOrigin: {
    method: 'POST',
    path: '/api/origin',
    access: 'anyone',
    summary:
      'Is this page of this server? Refused with the reason where not, which a WebSocket cannot tell a page.',
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
    summary: `Does what ${FEATURE_CODES.center} does on this terminal.`,
  },
  confer: {
    method: 'POST',
    path: '/api/terminal/conference',
    access: 'terminal',
    summary:
      'Joins two calls of this terminal in a conference, or adds the party of one to that of the other.',
    body: conference,
  },
  reportCheck: {
    method: 'PUT',
    path: '/api/terminal/check',
    access: 'terminal',
    summary: 'Says what the check of this terminal has found; the floor shows it.',
    body: checkResult,
  },
  mailbox: {
    method: 'GET',
    path: '/api/terminal/voicemail',
    access: 'terminal',
    summary: 'The mailbox of the extension that speaks through this terminal.',
    response: mailboxView,
  },
  unlockMailbox: {
    method: 'POST',
    path: '/api/terminal/voicemail/unlock',
    access: 'terminal',
    summary: 'Opens the mailbox to this browser by its PIN, until another extension speaks here.',
    body: z.object({ pin: z.string().check(z.maxLength(32)) }),
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
    summary: 'Makes a WAV, AIFF, FLAC, Ogg or MP3 file the greeting.',
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
    body: z.object({ mailTo: z.nullable(email) }),
  },
  leaveTerminal: {
    method: 'DELETE',
    path: '/api/terminal/token',
    access: 'terminal',
    summary: 'Revokes this token.',
  },
} as const satisfies Record<string, Endpoint>;
