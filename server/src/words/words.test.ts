import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FIGURE_NAMES, FIGURES, languages } from '@perch/shared';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { misprints } from '../../../shared/src/support/typography.ts';
import { CALL_COLUMNS, STAY_COLUMNS } from '../records/tables.ts';
import { catalogueOf, mailed, translated } from './words.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PRODUCT = ['server/src/{http,management,openid,personal,webhooks,mail}/**/*.ts', 'shared/src/**/*.ts'];
/** What is read by those who run the server or write programs, or is in no request that a person makes. */
const NOT_SHOWN =
  /\/support\/|\.test\.ts$|http\/(certificates|http-server|operation|page-events)\.ts$|webhooks\/post\.ts$/;
/** Calls whose first or second argument is a sentence for a person. */
const SAY = new Set(['Refusal', 'invalid', 'unreadable', 'mailed', 'say']);
const CHECKS = new Set(['regex', 'minLength', 'maxLength', 'email', 'url', 'refine', 'boolean', 'enum']);

/** The sentences that a file has for people, as the catalogues name them: what is put into them is `{1}`, `{2}`. */
function sentencesIn(file: string, text: string): readonly string[] {
  const found: string[] = [];
  const sentenceOf = (node: ts.Node): string | undefined => {
    if (ts.isStringLiteralLike(node)) return node.text;
    if (!ts.isTemplateExpression(node)) return undefined;
    return node.templateSpans.reduce(
      (said, { literal }, at) => `${said}{${String(at + 1)}}${literal.text}`,
      node.head.text,
    );
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const callee = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
      const name = ts.isIdentifier(callee) ? callee.text : '';
      if (SAY.has(name) || CHECKS.has(name))
        for (const argument of node.arguments ?? []) {
          const sentence = sentenceOf(argument);
          if (sentence !== undefined && /^(\p{Lu}|\{1\}).* .*[.?:]$/su.test(sentence)) found.push(sentence);
        }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** Put together of parts in the code: the catalogues have each as a whole. */
const IN_PARTS = [
  '{1} Ask your administrator for a new one.',
  'This link has been used.',
  'This link has expired.',
];
const BY_KIND = [
  '{1} is a {2}: that cannot be changed.',
  'A {1} has {2} to {3} digits.',
  'The {1} must not be the extension’s own number.',
];

test('what people are told in the code is in the catalogues', () => {
  const { refusals, mail } = catalogueOf('de');
  const files = PRODUCT.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).filter(
    (file) => !NOT_SHOWN.test(file),
  );
  const said = files.flatMap((file) => sentencesIn(file, readFileSync(`${ROOT}${file}`, 'utf8')));
  expect(said.length).toBeGreaterThan(100);
  const known = [...Object.keys(refusals), ...Object.keys(mail), ...IN_PARTS, ...BY_KIND];
  expect(said.filter((sentence) => !known.includes(sentence))).toEqual([]);
});

test.for([
  `new Refusal('not-found', 'There is no such thing.')`,
  'new Refusal("not-found", `There is no thing ${number}.`)',
  `z.string().check(z.regex(/x/, 'A thing has one letter.'))`,
  `mailed(language, 'Your thing is here.')`,
])('a sentence that is planted is found: %s', (line) => {
  expect(sentencesIn('planted.ts', line)).toHaveLength(1);
});

describe.for(languages.filter((language) => language !== 'en'))('in %s', (language) => {
  const { refusals, mail, tables } = catalogueOf(language);
  const placesOf = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();

  test('there are all sentences, and no other', () => {
    const reference = catalogueOf('de');
    expect(Object.keys(refusals)).toEqual(Object.keys(reference.refusals));
    expect(Object.keys(mail)).toEqual(Object.keys(reference.mail));
    expect(Object.keys(tables)).toEqual(Object.keys(reference.tables));
  });

  test('each table for people has its name and columns', () => {
    const figures = FIGURE_NAMES.map((figure) =>
      FIGURES[figure].unit === 'ms' ? `${FIGURES[figure].name} (s)` : FIGURES[figure].name,
    );
    const all = [...figures, 'day', 'Report', ...Object.keys(CALL_COLUMNS), ...Object.keys(STAY_COLUMNS)];
    expect(all.filter((title) => !(title in tables))).toEqual([]);
  });

  test('a figure is called as on the page of reports', () => {
    const page = readFileSync(`${ROOT}client/messages/${language}.json`, 'utf8');
    const texts = JSON.parse(page) as Readonly<Record<string, string>>;
    for (const figure of FIGURE_NAMES) {
      const unit = FIGURES[figure].unit === 'ms' ? ' (s)' : '';
      const key = `figure_${figure.replace(/Ms$/, '').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
      expect(tables[FIGURES[figure].name + unit], key).toBe(`${String(texts[key])}${unit}`);
    }
  });

  test('each says all that the English one does, and none is left in English', () => {
    for (const [english, text] of [...Object.entries(refusals), ...Object.entries(mail)]) {
      expect(placesOf(text), english).toEqual(placesOf(english));
      expect(text).not.toBe(english);
      expect(misprints(language, text), text).toEqual([]);
    }
  });
});

test.for([
  ['de', 'There is no extension 101.', 'Es gibt keine Nebenstelle 101.'],
  ['ro', 'Ada cannot be moved to Front desk.', 'Ada nu poate fi mutat la Front desk.'],
  ['fr', 'Sign in first.', 'Connectez-vous d’abord.'],
  ['es', 'A secret code has 4 to 8 digits.', 'Un código secreto tiene de 4 a 8 dígitos.'],
  ['en', 'Sign in first.', 'Sign in first.'],
  ['de', 'Nobody has said this before.', 'Nobody has said this before.'],
  ['de', 'This is no table: a\nb.', 'Das ist keine Tabelle: a\nb.'],
  ['de', 'There is no extension 101!', 'There is no extension 101!'],
] as const)('in %s: %s', ([language, english, said]) => {
  expect(translated(english, language)).toBe(said);
});

test('a text of a mail has its values, whatever is in them', () => {
  expect(mailed('de', 'Message from {who}', { who: '{who} $1' })).toBe('Nachricht von {who} $1');
  expect(mailed('de', 'Message from {who}')).toBe('Nachricht von {who}');
});
