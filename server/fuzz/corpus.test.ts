import { describe, expect, test } from 'vitest';
import { inputsOf } from './corpus.ts';
import { PARSERS } from './parsers.ts';
import { checked } from './target.ts';

describe.for(Object.entries(PARSERS))('%s', ([name, { load }]) => {
  test('all that was found once, and the whole corpus, keep what holds of every input', async () => {
    const { target } = await load();
    const inputs = [...target.seeds, ...inputsOf('findings', name), ...inputsOf('corpus', name)];
    expect(inputs.length).toBeGreaterThan(target.seeds.length);
    for (const input of inputs) checked(target, input);
  });
});
