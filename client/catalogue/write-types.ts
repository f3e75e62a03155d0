/** `npm run messages`: writes what each text of the catalogue takes, as types, into client/src/words/texts.ts. */
import { writeFileSync } from 'node:fs';
import { catalogueOf, parametersOf } from './catalogue.ts';

const members = Object.entries(catalogueOf('en')).map(([key, text]) => {
  const parameters = parametersOf(text).map((name) => `${name}: string | number`);
  return `  ${key}: (${parameters.length > 0 ? `values: { ${parameters.join('; ')} }` : ''}) => string;`;
});
writeFileSync(
  new URL('../src/words/texts.ts', import.meta.url),
  [
    '// Written by `npm run messages` from client/messages/en.json.',
    'export interface Texts {',
    ...members,
    '}',
    '',
  ].join('\n'),
);
