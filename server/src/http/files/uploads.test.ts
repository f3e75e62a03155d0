import { EventEmitter } from 'node:events';
import { terminalId } from '@perch/shared';
import type { FastifyReply } from 'fastify';
import { expect, test } from 'vitest';
import { Refusal } from '../../management/refusal.ts';
import { UploadTurns } from './uploads.ts';

const reply = () => ({ raw: new EventEmitter() }) as unknown as FastifyReply;
const phone = (number: number) => terminalId(`phone-${String(number)}`);

test('a phone sends one file at a time, and its turn ends with the answer or the connection', () => {
  const turns = new UploadTurns();
  const first = reply();
  expect(turns.take(phone(1), first)).toBeUndefined();
  expect(turns.take(phone(1), reply())).toBeInstanceOf(Refusal);
  first.raw.emit('close');
  expect(turns.take(phone(1), reply())).toBeUndefined();
});

test('eight phones send files at a time, since these are held in memory', () => {
  const turns = new UploadTurns();
  const replies = Array.from({ length: 8 }, reply);
  for (const [index, each] of replies.entries()) expect(turns.take(phone(index), each)).toBeUndefined();
  expect(turns.take(phone(8), reply())).toMatchObject({ code: 'too-many-requests' });
  replies[3]?.raw.emit('close');
  expect(turns.take(phone(8), reply())).toBeUndefined();
});
