import { expect, test } from 'vitest';
import { promptId } from './center-events.ts';
import { PROMPT_TEXTS, promptSpeech, utteranceText } from './prompt-texts.ts';

test('the Center asks for the code in these words', () => {
  expect(utteranceText([{ prompt: 'enter-code' }])).toBe('Please enter your secret code');
});

test('a number is shown whole within its sentence', () => {
  expect(utteranceText([{ digits: '101' }, { prompt: 'now-on-this-phone' }])).toBe(
    '101 is now on this phone.',
  );
});

test('two prompts make two sentences', () => {
  expect(utteranceText([{ prompt: 'wrong-code-two-left' }, { prompt: 'enter-code' }])).toBe(
    'That code is wrong. You have two tries left. Please enter your secret code',
  );
});

test('a speech program reads a feature code key by key', () => {
  expect(promptSpeech('phone-locked')).toContain('Dial star 3 0 to bring it back.');
});

test('a tone has no words', () => {
  expect(utteranceText([{ prompt: 'beep' }])).toBe('');
  expect(utteranceText([{ prompt: 'you-have' }, { number: 12 }, { prompt: 'new-messages' }])).toBe(
    'You have 12 new messages',
  );
});

test.for(promptId.options.filter((prompt) => prompt !== 'beep'))(
  '%s has words, and nothing that a speech program would spell',
  (prompt) => {
    expect(PROMPT_TEXTS[prompt]).toMatch(/^[A-Za-z][A-Za-z0-9 *,.]+$/);
    expect(promptSpeech(prompt)).toMatch(/^[A-Za-z][A-Za-z0-9 ,.]+$/);
  },
);
