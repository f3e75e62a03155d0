import * as z from 'zod/mini';
import {
  claimableCall,
  conference,
  email,
  enrolledTerminal,
  newSecretCode,
  newVoicemailPin,
  secret,
  takenBack,
  speaking,
  terminalSettings,
} from './api-values.ts';
import type { Endpoint } from './api-endpoint.ts';
import { callForwards } from '../call-forwards.ts';
import { ownSetup } from '../guessing.ts';
import { FEATURE_CODES } from '../feature-codes.ts';
import { language } from '../languages.ts';
import { checkResult, pageFault, pageReport } from '../terminal-view.ts';
import { mailboxView } from '../voicemail.ts';

/** What the page of a terminal asks for. */
export const terminalApi = {
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
  extendStay: {
    method: 'POST',
    path: '/api/terminal/extend',
    access: 'terminal',
    audited: true,
    summary: 'The guest who is warned of the end of their stay goes on for an hour; once in each stay.',
  },
  claimableCalls: {
    method: 'GET',
    path: '/api/terminal/claims',
    access: 'terminal',
    summary:
      'The calls that were made at this desk in the ten minutes before its guest came, for ten minutes from then on: one of them may be theirs.',
    response: z.array(claimableCall),
  },
  claimCall: {
    method: 'POST',
    path: '/api/terminal/claims',
    access: 'terminal',
    audited: true,
    summary: 'The guest says that they made such a call: it is counted for them from now on.',
    body: z.object({ call: z.string().check(z.maxLength(64)) }),
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
  takeBack: {
    method: 'POST',
    path: '/api/terminal/take-back',
    access: 'terminal',
    summary: 'Takes a call back that this terminal is sending on, while it rings there.',
    body: takenBack,
  },
  setLanguage: {
    method: 'PUT',
    path: '/api/terminal/language',
    access: 'terminal',
    audited: true,
    summary:
      'Sets the language of the person who speaks through this terminal, its owner or a guest: of their pages, and of what the server says to them.',
    body: z.object({ of: speaking, language: z.nullable(language) }),
  },
  setDoNotDisturb: {
    method: 'PUT',
    path: '/api/terminal/do-not-disturb',
    access: 'terminal',
    audited: true,
    summary:
      'Switches do not disturb of the person who speaks through this terminal, its owner or a guest; nobody does that for a desk.',
    body: z.object({ of: speaking, on: z.boolean() }),
  },
  setForwards: {
    method: 'PUT',
    path: '/api/terminal/forwards',
    access: 'terminal',
    audited: true,
    summary: 'Where calls to the person who speaks through this terminal go on.',
    body: z.object({ of: speaking, forwards: callForwards }),
  },
  reportCheck: {
    method: 'PUT',
    path: '/api/terminal/check',
    access: 'terminal',
    summary: 'Says what the check of this terminal has found; the floor shows it.',
    body: checkResult,
  },
  reportFault: {
    method: 'POST',
    path: '/api/terminal/faults',
    access: 'terminal',
    summary:
      'Says that something in the page of this terminal has failed; the page of its extension in management shows it.',
    body: pageFault,
  },
  reportPage: {
    method: 'PUT',
    path: '/api/terminal/page',
    access: 'terminal',
    summary: 'Says in which state the browser of this terminal is; the floor shows what is wrong with it.',
    body: pageReport,
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
    audited: true,
    summary: 'Makes a WAV, AIFF, FLAC, Ogg or MP3 file the greeting.',
    upload: { most: 16 * 1024 * 1024 },
    response: mailboxView,
  },
  removeGreeting: {
    method: 'DELETE',
    path: '/api/terminal/voicemail/greeting',
    access: 'terminal',
    audited: true,
    summary: 'Callers hear the spoken default again.',
  },
  setOwnVoicemailPin: {
    method: 'PUT',
    path: '/api/terminal/voicemail/pin',
    access: 'terminal',
    audited: true,
    summary: "Sets or replaces the PIN of the mailbox: on a person's own phone and without a guest only.",
    body: newVoicemailPin,
  },
  setVoicemailMail: {
    method: 'PUT',
    path: '/api/terminal/voicemail/mail',
    access: 'terminal',
    audited: true,
    summary: "Where messages are mailed to: on a person's own phone and without a guest only.",
    body: z.object({ mailTo: z.nullable(email) }),
  },
  ownSetup: {
    method: 'GET',
    path: '/api/terminal/setup',
    access: 'terminal',
    summary: "The owner's extension and its secret code: on a person's own phone and without a guest only.",
    response: ownSetup,
  },
  setOwnSecretCode: {
    method: 'PUT',
    path: '/api/terminal/secret-code',
    access: 'terminal',
    audited: true,
    summary: "Sets or replaces the secret code: on a person's own phone and without a guest only.",
    body: newSecretCode,
  },
  liftOwnLock: {
    method: 'DELETE',
    path: '/api/terminal/lock',
    access: 'terminal',
    audited: true,
    summary: "Forgives the wrong codes: on a person's own phone and without a guest only.",
  },
  unlockStation: {
    method: 'POST',
    path: '/api/terminal/unlock',
    access: 'terminal',
    audited: true,
    summary:
      'Opens a station that is in kiosk mode to this browser, for ten minutes, by the PIN of the stations.',
    body: z.object({ pin: z.string().check(z.maxLength(32)) }),
  },
  lockStation: {
    method: 'DELETE',
    path: '/api/terminal/unlock',
    access: 'terminal',
    summary: 'Goes back to kiosk mode at once.',
  },
  leaveTerminal: {
    method: 'DELETE',
    path: '/api/terminal/token',
    access: 'terminal',
    audited: true,
    summary: 'Revokes this token; at a station in kiosk mode, only while it is unlocked.',
  },
} as const satisfies Record<string, Endpoint>;
