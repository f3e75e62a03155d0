import { expect, test } from 'vitest';
import { promptId, type Utterance } from '../center-events.ts';
import { type Language, languages } from '../languages.ts';
import { PROMPT_TEXTS, promptSpeech, utteranceText } from './prompt-texts.ts';

const NOW_HERE: Utterance = [{ digits: '101' }, { prompt: 'now-on-this-phone' }];

test.for([
  ['en', 'Please enter your secret code', '101 is now on this phone.'],
  ['de', 'Bitte geben Sie Ihren Geheimcode ein', '101 ist jetzt an diesem Telefon.'],
  ['es', 'Introduzca su código secreto, por favor', '101 está ahora en este teléfono.'],
  ['fr', 'Veuillez saisir votre code secret', '101 est maintenant sur ce téléphone.'],
  ['ro', 'Vă rugăm să introduceți codul secret', '101 este acum la acest telefon.'],
] as const)(
  'in %s the Center asks for the code, and says who is here, in these words',
  ([language, asked, said]) => {
    expect(utteranceText([{ prompt: 'enter-code' }], language)).toBe(asked);
    expect(utteranceText(NOW_HERE, language)).toBe(said);
  },
);

test('two prompts make two sentences', () => {
  expect(utteranceText([{ prompt: 'wrong-code-two-left' }, { prompt: 'enter-code' }], 'en')).toBe(
    'That code is wrong. You have two tries left. Please enter your secret code',
  );
});

test.for([
  ['en', 'Dial star 3 0 to bring it back.'],
  ['de', 'Wählen Sie Stern 3 0, um sie zurückzuholen.'],
  ['es', 'Marque asterisco 3 0 para traerla de vuelta.'],
  ['fr', 'Composez étoile 3 0 pour le faire revenir.'],
  ['ro', 'Formați steluță 3 0 pentru a-l aduce înapoi.'],
] as const)('a speech program reads a feature code key by key in %s', ([language, read]) => {
  expect(promptSpeech('phone-locked', language)).toContain(read);
});

const count = (number: number): Utterance => [
  { prompt: 'you-have' },
  { number },
  { prompt: number === 1 ? 'new-message' : 'new-messages' },
];

test.for([
  ['en', 12, 'You have 12 new messages'],
  ['de', 1, 'Sie haben 1 neue Nachricht'],
  ['es', 21, 'Tiene 21 mensajes nuevos'],
  ['fr', 2, 'Vous avez 2 nouveaux messages'],
  ['ro', 19, 'Aveți 19 mesaje noi'],
  ['ro', 20, 'Aveți 20 de mesaje noi'],
  ['ro', 101, 'Aveți 101 mesaje noi'],
  ['ro', 120, 'Aveți 120 de mesaje noi'],
  ['ro', 200, 'Aveți 200 de mesaje noi'],
] as const)('in %s, %i messages are counted so', ([language, number, text]) => {
  expect(utteranceText(count(number), language)).toBe(text);
});

test('a tone has no words', () => {
  for (const language of languages) expect(utteranceText([{ prompt: 'beep' }], language)).toBe('');
});

const LETTERS: Readonly<Record<Language, string>> = {
  en: '',
  de: 'ÄÖÜäöüß',
  es: 'ÁÉÍÓÚáéíóúñ',
  fr: 'ÀÂÇÉÈÊàâçéèêîôû’',
  ro: 'ĂÂÎȘȚăâîșț',
};

test.for(languages.flatMap((language) => promptId.options.map((prompt) => [language, prompt] as const)))(
  'in %s, %s has words, and nothing that a speech program would spell',
  ([language, prompt]) => {
    if (prompt === 'beep') return;
    const letters = `A-Za-z${LETTERS[language]}`;
    expect(PROMPT_TEXTS[language][prompt]).toMatch(new RegExp(`^[${letters}][${letters}0-9 *,.:-]*$`));
    const spelled = language === 'en' ? /[*’]/ : /[*’]|PIN/;
    expect(promptSpeech(prompt, language)).not.toMatch(spelled);
  },
);

test.for(languages)(
  'in %s, what follows a number or goes on is as it is in English: begun so, and ended so',
  (language) => {
    for (const prompt of promptId.options) {
      const [text, english] = [PROMPT_TEXTS[language][prompt], PROMPT_TEXTS.en[prompt]];
      const isWhole = (sentence: string): boolean => sentence.endsWith('.');
      expect(isWhole(text), prompt).toBe(isWhole(english));
      const follows = (sentence: string): boolean => /^\p{Ll}/u.test(sentence);
      expect(follows(text), prompt).toBe(follows(english));
    }
  },
);
