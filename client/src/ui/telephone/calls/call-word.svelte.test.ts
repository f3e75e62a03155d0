import { mount, unmount } from 'svelte';
import { expect, test } from 'vitest';
import { m } from '../../../words/messages.svelte.ts';
import type { Call } from '../../../phone/calls/call.ts';
import type { Quality } from '../../../phone/calls/quality.ts';
import CallWord from './call-word.svelte';

const talking: Call = { kind: 'talking', since: 0, media: 'flowing' };
const interrupted: Call = { kind: 'talking', since: 0, media: 'interrupted' };

/** The one thing that is said of a call. */
function wordOf(
  call: Call,
  more: {
    asked?: boolean;
    away?: string;
    muted?: string;
    hold?: string;
    quality?: Quality;
  } = {},
) {
  const target = document.createElement('div');
  const { asked = false, away = null, muted = null, hold = null, quality = { grade: 'good' } } = more;
  const word = mount(CallWord, {
    target,
    props: { call, quality, asked, away, muted, hold },
  });
  const text = target.textContent.trim();
  void unmount(word);
  return text;
}

test.for<readonly [string, Call, Parameters<typeof wordOf>[1], string]>([
  ['answered, with the microphone still to come', { kind: 'answering' }, {}, m.call_answering()],
  ['answered, and the browser asks', { kind: 'answering' }, { asked: true }, m.microphone_asked()],
  ['called', { kind: 'dialling' }, {}, m.call_connecting()],
  ['called, and the browser asks', { kind: 'dialling' }, { asked: true }, m.microphone_asked()],
  ['ringing there', { kind: 'alerting', earlyMedia: false }, {}, m.call_ringing()],
  ['spoken', talking, {}, m.quality_good()],
  ['that sounds bad', talking, { quality: { grade: 'fair', fault: 'theirs' } }, m.quality_fair_theirs()],
  ['spoken, muted', talking, { muted: 'muted' }, 'muted'],
  ['with a phone that is gone for the moment', interrupted, { away: 'away' }, 'away'],
  ['with a phone that is gone, before the sound breaks', talking, { away: 'away' }, 'away'],
  ['on hold, and muted', talking, { hold: 'hold', muted: 'muted' }, 'hold'],
  ['on hold, without sound', interrupted, { hold: 'hold' }, m.call_interrupted()],
  ['without sound', interrupted, { muted: 'muted' }, m.call_interrupted()],
  ['spoken, and the browser asks once more', talking, { asked: true }, m.microphone_asked()],
])('a call %s', ([, call, more, word]) => {
  expect(wordOf(call, more)).toBe(word);
});
