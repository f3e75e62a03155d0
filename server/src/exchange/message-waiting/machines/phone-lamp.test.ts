import { expect, test } from 'vitest';
import type { MessageSummary } from '../message-summary.ts';
import { type LampEvent, type PhoneLamp, step } from './phone-lamp.ts';

const dark: MessageSummary = { body: 'none', lit: false };
const lit: MessageSummary = { body: 'two of Ada', lit: true };
const other: MessageSummary = { body: 'two of Ben', lit: true };

const untold: PhoneLamp = { kind: 'untold' };
const unsure: PhoneLamp = { kind: 'unsure' };
const deaf: PhoneLamp = { kind: 'deaf' };
const telling = (summary: MessageSummary): PhoneLamp => ({ kind: 'telling', summary });
const showing = (summary: MessageSummary): PhoneLamp => ({ kind: 'showing', summary });

type With = 'changed' | 'registered' | 'accepted' | 'failed' | 'told';
const event = (kind: With, now: MessageSummary): LampEvent => ({ kind, now });
const unreachable = (kind: 'accepted' | 'failed'): LampEvent => ({ kind, now: undefined });

test.for<[from: PhoneLamp, event: LampEvent, to: PhoneLamp, tell?: MessageSummary]>([
  [untold, event('changed', dark), untold],
  [untold, event('changed', lit), telling(lit), lit],
  [untold, event('registered', dark), untold],
  [untold, event('registered', lit), telling(lit), lit],
  [untold, event('told', dark), showing(dark)],
  [untold, { kind: 'doubted' }, untold],
  [untold, { kind: 'declined' }, untold],
  [untold, event('failed', lit), untold],
  [showing(lit), event('changed', lit), showing(lit)],
  [showing(lit), event('changed', dark), telling(dark), dark],
  [showing(lit), event('changed', other), telling(other), other],
  [showing(dark), event('changed', dark), showing(dark)],
  [showing(lit), event('registered', lit), telling(lit), lit],
  [showing(lit), event('registered', dark), telling(dark), dark],
  [showing(dark), event('registered', dark), showing(dark)],
  [showing(dark), event('registered', lit), telling(lit), lit],
  [showing(lit), event('told', other), showing(other)],
  [showing(lit), { kind: 'doubted' }, unsure],
  [showing(lit), event('accepted', other), showing(lit)],
  [telling(lit), event('changed', dark), telling(lit)],
  [telling(lit), event('registered', dark), telling(dark), dark],
  [telling(lit), event('told', other), showing(other)],
  [telling(lit), { kind: 'doubted' }, telling(lit)],
  [telling(lit), event('accepted', lit), showing(lit)],
  [telling(lit), event('accepted', other), telling(other), other],
  [telling(lit), unreachable('accepted'), showing(lit)],
  [telling(lit), event('failed', lit), unsure],
  [telling(lit), event('failed', dark), telling(dark), dark],
  [telling(lit), unreachable('failed'), unsure],
  [telling(lit), { kind: 'declined' }, deaf],
  [unsure, event('changed', dark), telling(dark), dark],
  [unsure, event('registered', dark), telling(dark), dark],
  [unsure, event('told', dark), showing(dark)],
  [deaf, event('changed', lit), deaf],
  [deaf, event('registered', dark), untold],
  [deaf, event('registered', lit), telling(lit), lit],
  [deaf, event('told', lit), showing(lit)],
])('%j on %j is %j', ([from, happened, to, tell]) => {
  expect(step(from, happened)).toEqual([to, tell]);
});
