import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogueOf } from './catalogue.ts';
import { wishIn } from '../src/phone/page/wish.ts';
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

test('each picture of the manifest is there, as large as it says, and each handler and shortcut leads to what a phone knows', () => {
  const { icons, screenshots, shortcuts, protocol_handlers } = JSON.parse(ENGLISH) as {
    readonly icons: readonly Picture[];
    readonly screenshots: readonly Picture[];
    readonly shortcuts: readonly { readonly url: string }[];
    readonly protocol_handlers: readonly { readonly protocol: string; readonly url: string }[];
  };
  for (const { src, sizes } of [...icons, ...screenshots]) {
    // The IHDR of a PNG comes first (PNG §11.2.1).
    const png = readFileSync(new URL(`../public${src}`, import.meta.url));
    expect(`${src} ${String(png.readUInt32BE(16))}x${String(png.readUInt32BE(20))}`).toBe(`${src} ${sizes}`);
  }
  const wishes = protocol_handlers.map(({ protocol, url }) =>
    wishIn(hashOf(url.replace('%s', encodeURIComponent(`${protocol}:101`)))),
  );
  const dial = { kind: 'dial', text: '101' };
  expect(wishes).toEqual([dial, dial]);
  for (const { url } of shortcuts) expect(wishIn(hashOf(url)), url).toMatchObject({ kind: 'show' });
});

interface Picture {
  readonly src: string;
  readonly sizes: string;
}
const hashOf = (url: string): string => url.slice(url.indexOf('#'));
