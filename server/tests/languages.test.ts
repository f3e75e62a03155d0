import { join } from 'node:path';
import { type Language, languages, type Utterance } from '@perch/shared';
import { expect, test } from 'vitest';
import { soundsOf } from '../src/exchange/services/sounds.ts';
import { loadVoices } from '../src/media/playback/prompts.ts';
import { TestPeer } from '../src/media/support/test-peer.ts';
import { Call, type Dialog } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { PageClient } from './support/page-client.ts';
import { connect } from './support/spoken-message.ts';

const on = stage();

/** What the page of that extension asks for; the status of the answer. */
async function choose(number: string, body: { readonly of: string; readonly language: string | null }) {
  const { url } = on.server.line(number);
  const page = await PageClient.open(url);
  const response = await fetch(`${new URL(url).origin}/api/terminal/language`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${page.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  page.close();
  return response.status;
}

/** The code of 102, and `#`. */
async function enterCode(visit: Dialog): Promise<void> {
  for (const digit of `${on.server.line('102').secretCode ?? ''}#`)
    await visit.request('INFO', {
      fields: ['Content-Type: application/dtmf-relay'],
      body: `Signal=${digit}\r\nDuration=100\r\n`,
    });
}

/** How many packets of an utterance in a row tell it from all others: 0.6 s of speech. */
const TELLING = 30;
const voices = loadVoices(join(import.meta.dirname, '../prompts'));

/** Resolves once the peer hears that utterance in that language: its packets, one after the other. */
async function hears(peer: TestPeer, utterance: Utterance, language: Language): Promise<void> {
  const frames = soundsOf(utterance, language)
    .flatMap((name) => voices.get(language)?.get(name)?.opus ?? [])
    .map((frame = new Uint8Array()) => Buffer.from(frame));
  let [at, inRow] = [0, 0];
  while (inRow < TELLING) {
    const { payload } = await peer.rtp.next();
    const isNext = frames[at]?.equals(payload) === true;
    inRow = isNext ? inRow + 1 : 0;
    at = isNext ? at + 1 : frames.findIndex((frame) => frame.equals(payload)) + 1;
  }
}

test.for(languages)(
  'in %s, the Center is walked through and heard: who asks for that language, or has it, is spoken to in it',
  { timeout: 30_000 },
  async (language) => {
    const desk = await on.register('201');
    const peer = await TestPeer.open();
    const fields = [`Accept-Language: ${language}`];
    const call = new Call(desk, '*30102', { body: peer.offer(), fields });
    const answer = await call.response(200);
    const visit = await call.answered(answer);
    peer.accept(answer.body);
    await connect(peer);
    await hears(peer, [{ prompt: 'enter-code' }], language);
    await enterCode(visit);
    await hears(peer, [{ digits: '102' }, { prompt: 'now-on-this-phone' }], language);
    await visit.request('BYE');
    peer.close();
    const leaving = await new Call(desk, '*30').answered();
    await leaving.request('BYE');
  },
);

test('the language of a person is theirs at any station, while they are there, and outlasts the server', async () => {
  expect(await choose('102', { of: '102', language: 'ro' })).toBe(204);
  await on.server.kill();
  await on.server.startAgain();
  const desk = await on.register('201');
  const station = await PageClient.open(on.server.line('201').url);
  const visit = await new Call(desk, '*30102').answered();
  await enterCode(visit);
  await station.next('that of the guest', ({ view }) => view?.language === 'ro');
  await visit.request('BYE');
  expect(await choose('201', { of: '102', language: 'es' })).toBe(204);
  await station.next('what the guest has chosen there', ({ view }) => view?.language === 'es');
  const leaving = await new Call(desk, '*30').answered();
  await station.next(
    'its own again',
    ({ view }) => view?.language === null && view.occupancy.kind === 'owner',
  );
  await leaving.request('BYE');
  station.close();
  const phone = await PageClient.open(on.server.line('102').url);
  expect(JSON.parse(phone.told[0] ?? '')).toMatchObject({ kind: 'terminal', view: { language: 'es' } });
  phone.close();
});

test('nobody chooses for a desk from its phone, nor for somebody who is not there', async () => {
  expect(await choose('201', { of: '201', language: 'de' })).toBe(409);
  expect(await choose('102', { of: '101', language: 'de' })).toBe(409);
});
