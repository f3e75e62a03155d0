import { type Language, organizationId, terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { MemoryDirectory } from './directory.ts';
import { Languages } from './languages.ts';
import { ada, ben } from '../management/support/stored.ts';

const organization = { id: organizationId('o'), name: 'Demo', domain: 'demo.test', emergencyNumbers: [] };

/** Ada stands at Ben's phone; what the server changes is told. */
function open(person: Language | null, phone: Language | null) {
  const directory = new MemoryDirectory(organization, [
    { ...ada, language: person },
    { ...ben, language: phone },
  ]);
  const told: string[] = [];
  const languages = new Languages({ directory, happened: ({ kind }) => void told.push(kind) });
  return { languages, told };
}

test.for([
  ['the person', 'ro', 'de', 'fr', 'es', 'en', 'ro'],
  ['the owner of the phone', null, 'de', 'fr', 'es', 'en', 'de'],
  ['the phone', null, null, 'tlh, fr-CA;q=0.8, en;q=0.2', 'es', 'en', 'fr'],
  ['the owner of the mailbox', null, null, 'tlh', 'es', 'fr', 'es'],
  ['the organization', null, null, '', null, 'fr', 'fr'],
  ['nobody', null, null, '', null, null, 'en'],
] as const)(
  'a caller is spoken to in the language of %s, where nobody before has one',
  ([, person, phone, asked, host, ofAll, language]) => {
    const { languages } = open(person, phone);
    languages.follow(ofAll);
    const hearer = { extension: ada.id, terminal: ben.terminal, asked };
    expect(languages.spokenTo({ ...hearer, host: { language: host } })).toBe(language);
  },
);

test('a phone that is gone has no owner, and a person who is gone no language', () => {
  const { languages } = open('ro', 'de');
  const nobody = { extension: organization.id as never, terminal: terminalId('gone'), asked: 'fr' };
  expect(languages.spokenTo({ ...nobody, host: undefined })).toBe('fr');
});

test('pages are told where the language of all is another one, and only then', () => {
  const { languages, told } = open(null, null);
  for (const language of [null, 'de', 'de', null] as const) languages.follow(language);
  expect(told).toEqual(['language-changed', 'language-changed']);
});
