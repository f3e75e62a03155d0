import * as z from 'zod/mini';
import { newSecretCode, newVoicemailPin, number } from './api-values.ts';
import {
  enrolmentLink,
  enrolments,
  extensionChange,
  extensionView,
  newEnrolment,
  newExtension,
  sipCredentials,
} from './extension-values.ts';
import type { Endpoint } from './api-endpoint.ts';
import { moveAttempt } from '../guessing.ts';

/** Extensions, as those who manage them see them. */
export const extensionsApi = {
  extensions: {
    method: 'GET',
    path: '/api/extensions',
    access: 'view-extensions',
    summary: 'The extensions that one may see, in the order of their numbers.',
    response: z.array(extensionView),
    lines: extensionView,
  },
  groups: {
    method: 'GET',
    path: '/api/groups',
    access: 'view-extensions',
    summary: 'The groups of the extensions that one may see, in the order of their names.',
    response: z.array(z.string()),
  },
  createExtension: {
    method: 'POST',
    path: '/api/extensions',
    access: 'create-extensions',
    summary: 'Creates an extension and its home terminal.',
    body: newExtension,
    response: extensionView,
  },
  extension: {
    method: 'GET',
    path: '/api/extensions/:number',
    access: 'view-extensions',
    summary: 'One extension.',
    response: extensionView,
  },
  changeExtension: {
    method: 'PATCH',
    path: '/api/extensions/:number',
    access: 'change-extensions',
    summary: 'Renames, groups, suspends, or allows virtualization.',
    body: extensionChange,
    response: extensionView,
  },
  deleteExtension: {
    method: 'DELETE',
    path: '/api/extensions/:number',
    access: 'change-extensions',
    summary: 'Deletes an extension, its terminals and its virtualizations.',
  },
  setSecretCode: {
    method: 'PUT',
    path: '/api/extensions/:number/secret-code',
    access: 'replace-codes',
    summary: 'Sets or replaces the secret code; a present virtualization stays.',
    body: newSecretCode,
  },
  issueSipCredentials: {
    method: 'POST',
    path: '/api/extensions/:number/sip-credentials',
    access: 'issue-credentials',
    summary: 'Issues digest credentials and withdraws the ones before.',
    response: sipCredentials,
  },
  issueEnrolment: {
    method: 'POST',
    path: '/api/extensions/:number/enrolments',
    access: 'issue-credentials',
    summary: "Issues a link that makes a browser the extension's terminal.",
    body: newEnrolment,
    response: enrolmentLink,
  },
  enrolments: {
    method: 'GET',
    path: '/api/extensions/:number/enrolments',
    access: 'issue-credentials',
    summary: "The browsers that are the extension's terminal, and the links that can still be used.",
    response: enrolments,
  },
  revokeBrowser: {
    method: 'DELETE',
    path: '/api/extensions/:number/browsers/:enrolment',
    access: 'issue-credentials',
    summary: 'Makes a browser cease to be the terminal, at once; an answered call goes on until it ends.',
  },
  withdrawEnrolment: {
    method: 'DELETE',
    path: '/api/extensions/:number/enrolments/:enrolment',
    access: 'issue-credentials',
    summary: 'Withdraws a link; browsers that have used it stay as they are.',
  },
  returnToBase: {
    method: 'POST',
    path: '/api/extensions/:number/return-to-base',
    access: 'end-sessions',
    summary: 'Ends the virtualization of this extension.',
    response: extensionView,
  },
  moveAttempts: {
    method: 'GET',
    path: '/api/extensions/:number/move-attempts',
    access: 'view-extensions',
    summary: 'Who has lately tried to move this extension, the latest first; never the digits of a code.',
    response: z.array(moveAttempt),
  },
  liftLock: {
    method: 'DELETE',
    path: '/api/extensions/:number/lock',
    access: 'replace-codes',
    summary:
      'Forgives the wrong codes counted against this extension and its terminal, so that both can be used again.',
  },
  moveExtension: {
    method: 'POST',
    path: '/api/extensions/:number/move',
    access: 'move-sessions',
    summary: 'Moves this extension to the phone of another one without its code, if nobody else is there.',
    body: z.object({ to: number }),
    response: extensionView,
  },
  setVoicemailPin: {
    method: 'PUT',
    path: '/api/extensions/:number/voicemail-pin',
    access: 'replace-codes',
    summary: 'Sets or replaces the PIN of the mailbox.',
    body: newVoicemailPin,
  },
} as const satisfies Record<string, Endpoint>;
