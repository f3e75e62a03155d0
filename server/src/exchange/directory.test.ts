import { extensionId, extensionNumber, organizationId, terminalId, NO_FORWARDS } from '@perch/shared';
import { expect, test } from 'vitest';
import { MemoryDirectory } from './directory.ts';
import type { Extension } from './ports.ts';

const organization = { id: organizationId('o'), name: 'Demo', domain: 'demo.test', emergencyNumbers: [] };
const ada: Extension = {
  id: extensionId('a'),
  organization: organization.id,
  terminal: terminalId('phone-a'),
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
  hasVoicemailPin: false,
  voicemailMail: null,
  suspended: false,
};

test('an extension is found by id and by number', () => {
  const directory = new MemoryDirectory(organization, [ada]);
  expect(directory.byId(ada.id)).toBe(ada);
  expect(directory.byNumber('101')).toBe(ada);
  expect([...directory.all()]).toEqual([ada]);
});

test('a changed extension replaces the old one, and its old number with it', () => {
  const directory = new MemoryDirectory(organization, [ada]);
  const renumbered = { ...ada, number: extensionNumber('111') };
  directory.set(renumbered);
  expect(directory.byNumber('101')).toBeUndefined();
  expect(directory.byNumber('111')).toBe(renumbered);
  expect([...directory.all()]).toEqual([renumbered]);
});

test('a deleted extension is absent, and its number free for another', () => {
  const directory = new MemoryDirectory(organization, [ada]);
  directory.delete(ada.id);
  const other = { ...ada, id: extensionId('b') };
  directory.set(other);
  directory.delete(ada.id);
  expect(directory.byId(ada.id)).toBeUndefined();
  expect(directory.byNumber('101')).toBe(other);
});

test('a terminal has one owner, whatever its number is; who that was is known after a deletion, too', () => {
  const directory = new MemoryDirectory(organization, [ada]);
  const renumbered = { ...ada, number: extensionNumber('111') };
  directory.set(renumbered);
  expect(directory.byTerminal(ada.terminal)).toBe(renumbered);
  expect([directory.homeOf(ada.id), directory.ownerOf(ada.terminal)]).toEqual([ada.terminal, ada.id]);
  directory.delete(ada.id);
  expect(directory.byTerminal(ada.terminal)).toBeUndefined();
  expect([directory.homeOf(ada.id), directory.ownerOf(ada.terminal)]).toEqual([ada.terminal, ada.id]);
});

test('a terminal is never found by the id of its owner', () => {
  const directory = new MemoryDirectory(organization, [ada]);
  expect(directory.byTerminal(terminalId(ada.id))).toBeUndefined();
  expect(directory.ownerOf(terminalId(ada.id))).toBeUndefined();
  expect(directory.homeOf(extensionId(ada.terminal))).toBeUndefined();
});

test.for(['__proto__', 'constructor', 'toString'])('%s is no number', (number) => {
  expect(new MemoryDirectory(organization, [ada]).byNumber(number)).toBeUndefined();
});
