import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogueOf } from './catalogue.ts';
import { manifestIn } from './manifest.ts';

const ENGLISH = readFileSync(new URL('../public/manifest.webmanifest', import.meta.url), 'utf8');

test.for([
  ['de', 'Tastenfeld', 'Verlauf', 'Voicemail'],
  ['es', 'Teclado', 'Recientes', 'Buzón de voz'],
  ['fr', 'Clavier', 'Récents', 'Messagerie'],
  ['ro', 'Tastatură', 'Recente', 'Mesagerie'],
] as const)(
  'in %s the shortcuts are called %s, %s and %s, and it is the same app',
  ([language, ...called]) => {
    const manifest = JSON.parse(manifestIn(ENGLISH, language, catalogueOf(language))) as {
      readonly shortcuts: readonly { readonly name: string }[];
      readonly screenshots: readonly { readonly label: string }[];
    };
    const { id, start_url, protocol_handlers } = JSON.parse(ENGLISH) as Record<string, unknown>;
    expect(manifest).toMatchObject({ id, start_url, protocol_handlers, lang: language, name: 'Perch' });
    expect(manifest).toMatchObject({ description: catalogueOf(language)['motto'] });
    expect(manifest.shortcuts.map(({ name }) => name)).toEqual(called);
    for (const { label } of manifest.screenshots) expect(ENGLISH).not.toContain(label);
  },
);

test('what the catalogue does not have is in no manifest', () => {
  expect(() => manifestIn('{"shortcuts":[{"name":"Planted"}]}', 'de', catalogueOf('de'))).toThrow('Planted');
});
