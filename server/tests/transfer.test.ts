import { expect, test } from 'vitest';
import { OpusDecoder } from '../src/media/codec/opus-codec.ts';
import { readOggOpus } from '../src/media/ogg/ogg-opus.ts';
import { levelAt } from '../src/media/support/tones.ts';
import { TestPeer } from '../src/media/support/test-peer.ts';
import { answer, Call, connectCall, Dialog } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { sdp } from './support/sdp.ts';
import { PageClient } from './support/page-client.ts';
import { reseatable, takeSeat } from './support/seated-phone.ts';
import type { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';
import { connect, skipAndSpeak } from './support/spoken-message.ts';

const RATE = 48_000;
/** Ben's voice (Hz). */
const VOICE = 660;

const on = stage();

/** The statuses that a REFER's NOTIFYs tell, until its subscription is over. */
async function progress(client: SipClient): Promise<number[]> {
  const statuses: number[] = [];
  for (;;) {
    const notify = await client.request('NOTIFY');
    client.respond(notify, '200 OK');
    statuses.push(Number(/^SIP\/2.0 (\d+)/.exec(notify.body)?.[1]));
    if (sip.field(notify, 'Subscription-State').startsWith('terminated')) return statuses;
  }
}

/** The messages in the mailbox of 103, once there are so many, and how loud that voice is in the newest one (dB). */
async function leftFor103(messages: number): Promise<number> {
  const page = await PageClient.open(on.server.line('103').url);
  const mailbox = async (path: string): Promise<Response> => {
    const url = `${new URL(on.server.line('103').url).origin}/api/terminal/voicemail${path}`;
    return fetch(url, { headers: { authorization: `Bearer ${page.token}` } });
  };
  const left = async (): Promise<readonly { readonly id: string }[]> =>
    ((await (await mailbox('')).json()) as { messages: readonly { readonly id: string }[] }).messages;
  const message = { from: { number: '102', name: 'Ben' }, reason: 'offline' };
  await expect.poll(left).toMatchObject(Array<unknown>(messages).fill(message));
  const [newest] = await left();
  const recording = await (await mailbox(`/messages/${newest?.id ?? ''}/recording`)).arrayBuffer();
  page.close();
  const decoder = new OpusDecoder(RATE);
  const samples = readOggOpus(Buffer.from(recording)).flatMap((packet) => [...decoder.decode(packet)]);
  return levelAt(VOICE, Int16Array.from(samples), RATE);
}

test.for([
  ['who hangs up', 1],
  ['with which the server is killed', 2],
] as const)(
  'a call that is sent on to somebody without a phone leaves a message in their mailbox, %s',
  { timeout: 30_000 },
  async ([end, messages]) => {
    const [ada, ben] = [await on.register('101'), await reseatable(on, '102')];
    const [referrer] = await connectCall(ada, ben);
    const referred = await referrer.request('REFER', { fields: [`Refer-To: <${ada.address('103')}>`] });
    expect(sip.status(referred)).toBe(202);
    const [statuses, { dialog, peer }] = await Promise.all([progress(ada), takeSeat(ben)]);
    expect(statuses).toEqual([100, 181, 200]);
    expect((await ada.request('BYE')).startLine).toMatch(/^BYE/);
    await skipAndSpeak(dialog, peer, VOICE);
    if (end === 'who hangs up') await dialog.request('BYE');
    else {
      await on.server.kill();
      await on.server.startAgain();
      const benAgain = await on.register('102', ben.identity);
      const over = await benAgain.next(
        'the BYE',
        (message) => message.startLine.startsWith('BYE') && sip.field(message, 'Call-ID') === dialog.callId,
      );
      expect(sip.field(over, 'Reason')).toBe('SIP;cause=503;text="Service Unavailable"');
      benAgain.respond(over, '200 OK');
    }
    peer.close();

    expect(await leftFor103(messages)).toBeGreaterThan(-20);
  },
);

test(
  'a phone on hold that offers only to listen, as SIP.js does, is heard by the mailbox to which it is sent on',
  { timeout: 30_000 },
  async () => {
    const [ada, ben] = [await on.register('101'), await on.register('102')];
    const [referrer, dialog] = await connectCall(ada, ben);
    // As a browser describes itself: its path follows the other side.
    const onHold = sdp('2').replace('a=sendrecv', 'a=ice-options:trickle\r\na=recvonly');
    const held = referrer.request('INVITE', { body: sdp('3').replace('sendrecv', 'sendonly') });
    ben.respond(await ben.request('INVITE'), '200 OK', { body: onHold });
    referrer.acknowledge(Number.parseInt(sip.field(await held, 'CSeq')));
    await ben.request('ACK');
    const referred = await referrer.request('REFER', { fields: [`Refer-To: <${ada.address('103')}>`] });
    expect(sip.status(referred)).toBe(202);
    const told = progress(ada);

    const peer = await TestPeer.open();
    const asked = await ben.request('INVITE');
    expect(asked.body).toBe('');
    ben.respond(asked, '200 OK', { body: peer.offer().replace('sendrecv', 'recvonly') });
    peer.accept((await ben.request('ACK')).body);
    const resumed = await ben.request('INVITE');
    expect(resumed.body).toContain('a=sendrecv');
    ben.respond(resumed, '200 OK', { body: peer.answer(resumed.body) });
    await ben.request('ACK');
    expect(await told).toEqual([100, 181, 200]);
    await connect(peer);
    const decoder = new OpusDecoder(RATE);
    const heard: number[] = [];
    while (heard.length < RATE) heard.push(...decoder.decode((await peer.rtp.next()).payload));
    expect(Math.max(...heard.map(Math.abs))).toBeGreaterThan(3_000);
    await skipAndSpeak(dialog, peer, VOICE);
    await dialog.request('BYE');
    peer.close();
    expect(await leftFor103(3)).toBeGreaterThan(-20);
  },
);

test('a transfer that a restart cuts off: the phone that asked for it is told, and the two go on talking', async () => {
  const [ada, ben, chloe] = [await on.register('101'), await on.register('102'), await on.register('103')];
  const [referrer] = await connectCall(ada, ben);
  const asked = referrer.request('REFER', { fields: [`Refer-To: <${ada.address('103')}>`] });
  await chloe.request('INVITE');
  const id = Number.parseInt(sip.field(await asked, 'CSeq'));
  ada.respond(await ada.request('NOTIFY'), '200 OK');
  // What is answered now came after the turn in which the server stored the transfer.
  await ada.transact('OPTIONS', ada.address());
  await on.server.kill();
  await on.server.startAgain();
  const adaAgain = await on.register('101', ada.identity);
  const benAgain = await on.register('102', ben.identity);
  const report = await adaAgain.request('NOTIFY');
  adaAgain.respond(report, '200 OK');
  expect(sip.field(report, 'Event')).toBe(`refer;id=${String(id)}`);
  expect(sip.field(report, 'Subscription-State')).toMatch(/^terminated/);
  expect(report.body).toBe('SIP/2.0 503 Service Unavailable\r\n');
  const { callId, local, remote, target } = referrer;
  const again = new Dialog(adaAgain, { callId, local, remote, target, sequence: id + 1 });
  expect(sip.status(await again.request('BYE'))).toBe(200);
  benAgain.respond(await benAgain.request('BYE'), '200 OK');
});

test('a phone without a key for it parks by calling *68, hears the slot, and another one picks the call up', async () => {
  const [ada, ben, chloe] = [await on.register('101'), await reseatable(on, '102'), await on.register('103')];
  const [holder] = await connectCall(ada, ben);
  const held = holder.request('INVITE', { body: sdp('3').replace('sendrecv', 'sendonly') });
  const onHold = sdp('2').replace('sendrecv', 'recvonly');
  ben.respond(await ben.request('INVITE'), '200 OK', { body: onHold });
  holder.acknowledge(Number.parseInt(sip.field(await held, 'CSeq')));
  await ben.request('ACK');

  const peer = await TestPeer.open();
  const asking = new Call(ada, '*68', { body: peer.offer() });
  const waiting = takeSeat(ben);
  const taken = await asking.response(200);
  await asking.answered(taken);
  peer.accept(taken.body);
  await connect(peer);
  const decoder = new OpusDecoder(RATE);
  const heard: number[] = [];
  while (heard.length < 2 * RATE) heard.push(...decoder.decode((await peer.rtp.next()).payload));
  expect(Math.max(...heard.map(Math.abs))).toBeGreaterThan(3_000);
  peer.close();

  const { peer: parked } = await waiting;
  const picker = new Call(chloe, '*691');
  const again = await answer(ben);
  await picker.answered();
  await again.request('BYE');
  expect((await chloe.request('BYE')).startLine).toMatch(/^BYE/);
  parked.close();
}, 30_000);
