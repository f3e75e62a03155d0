import { readFileSync } from 'node:fs';

const catalogue = JSON.parse(
  readFileSync(new URL('../../messages/en.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;

/** A message of the catalogue, with these values for its parameters: what a button or a sentence of the pages is called. */
export function word(key: string, values: Readonly<Record<string, string>> = {}): string {
  const text = catalogue[key];
  if (typeof text !== 'string') throw new Error(`the catalogue has no plain message ${key}`);
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? `{${name}}`);
}
