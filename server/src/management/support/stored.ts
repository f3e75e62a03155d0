import { extensionId, extensionNumber, organizationId, terminalId, NO_FORWARDS } from '@perch/shared';
import type { StoredExtension } from '../../exchange/book/ports.ts';
import type { StoredPerson } from '../repositories.ts';

/** For tests: an organization, its administrator and some of its extensions, as they are stored. */
export const organization = {
  id: organizationId('o'),
  name: 'Demo',
  domain: 'demo.test',
  emergencyNumbers: ['112'],
};
export const administrator: StoredPerson = {
  id: 'root',
  organization: organization.id,
  email: 'root@demo.test',
  passwordHash: '$argon2id$…',
  roles: ['operator', 'administrator'],
  extension: null,
  groups: null,
  language: null,
};
export const ada: StoredExtension = {
  id: extensionId('a'),
  terminal: terminalId('phone-a'),
  organization: organization.id,
  number: extensionNumber('101'),
  name: 'Ada',
  kind: 'person',
  group: null,
  place: null,
  callBack: null,
  language: null,
  doNotDisturb: false,
  forwards: NO_FORWARDS,
  plan: null,
  stayLimits: null,
  kiosk: true,
  allowVirtualization: true,
  hasSecretCode: true,
  secretCodeHash: '$argon2id$…',
  hasVoicemailPin: true,
  voicemailPinHash: '$argon2id$pin…',
  voicemailMail: 'ada@demo.test',
  suspended: false,
  digest: { ha1Md5: 'm', ha1Sha256: 's' },
};
export const ben: StoredExtension = {
  ...ada,
  id: extensionId('b'),
  terminal: terminalId('phone-b'),
  number: extensionNumber('102'),
  name: 'Ben',
};
export const desk: StoredExtension = {
  ...ada,
  id: extensionId('d'),
  terminal: terminalId('station-d'),
  number: extensionNumber('201'),
  name: 'Front desk',
  kind: 'station',
};
