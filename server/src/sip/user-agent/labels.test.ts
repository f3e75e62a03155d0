import { expect, test } from 'vitest';
import { Line, only, parsed, type Station } from './support/test-line.ts';

const label = ['Perch-Call-ID', 'c-1'] as const;

/** What a station has sent, as `INVITE c-1`, without what has no label and needs none. */
const labels = ({ frames }: Station): string[] =>
  frames.splice(0).flatMap((frame) => {
    const message = parsed(frame);
    const { method } = message.essentials.cseq;
    const kind = message.kind === 'request' ? message.method : `${String(message.status)} ${method}`;
    return /INVITE|UPDATE/.test(kind) ? [`${kind} ${message.headers.get('perch-call-id') ?? '-'}`] : [];
  });

test('a call from a phone: its label is in 18x, 2xx, re-INVITEs, and in answers to those of the phone', async () => {
  const line = new Line();
  const phone = line.dial();
  await line.settle();
  const leg = only(line.server.invited);
  leg.label(label);
  leg.progress(180);
  await line.settle();
  leg.answer('answer');
  await line.settle();
  expect(labels(line.server)).toEqual(['100 INVITE -', '180 INVITE c-1', '200 INVITE c-1']);
  leg.offer('another offer');
  await line.settle();
  phone.acceptOffer('another answer');
  await line.settle();
  expect(labels(line.server)).toEqual(['INVITE c-1']);
  phone.offer('an offer of the phone');
  await line.settle();
  leg.acceptOffer('an answer of the server');
  await line.settle();
  expect(labels(line.server)).toEqual(['100 INVITE -', '200 INVITE c-1']);
});

test('a call to a phone: its label is in the INVITE and in UPDATE; a new label replaces it', async () => {
  const line = new Line();
  const leg = line.call({ label });
  await line.settle();
  only(line.phone.invited).answer('answer');
  await line.settle();
  leg.label(['Perch-Call-ID', 'c-2']);
  leg.rebind({ ...leg.target });
  await line.settle();
  expect(labels(line.server)).toEqual(['INVITE c-1', 'UPDATE c-2']);
  leg.relabel(['Perch-Call-ID', 'c-3']);
  await line.settle();
  expect(labels(line.server)).toEqual(['UPDATE c-3']);
});
