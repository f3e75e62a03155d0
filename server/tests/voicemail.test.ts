import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSmtpServer } from '../src/mail/support/smtp-server.ts';
import { TestPeer } from '../src/media/support/test-peer.ts';
import { Call, type Dialog } from './support/call.ts';
import { DemoServer } from './support/demo-server.ts';
import { stage } from './support/fixtures.ts';
import { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';
import { leaveMessage } from './support/spoken-message.ts';

const on = stage();

/** The caller's voice, in Hz. */
const VOICE = 600;

/** The state of the lamp in the next NOTIFY. */
async function lamp(phone: SipClient): Promise<string> {
  const notify = await phone.request('NOTIFY');
  phone.respond(notify, '200 OK');
  expect(sip.field(notify, 'Event')).toBe('message-summary');
  return notify.body;
}

test('a subscribed phone sees its lamp lit by a message, and dark while its owner is elsewhere', async () => {
  const [ada, ben, station] = [await on.register('101'), await on.register('102'), await on.register('201')];
  ada.onInvite = (invite) => ada.respond(invite, '486 Busy Here', { toTag: 'busy' });
  const subscribed = await ada.transact('SUBSCRIBE', ada.address(), {
    fields: ['Event: message-summary', 'Expires: 600', 'Accept: application/simple-message-summary'],
  });
  expect(sip.status(subscribed)).toBe(200);
  expect(await lamp(ada)).toContain('Messages-Waiting: no');

  await leaveMessage(ben, '101', VOICE);
  const lit = await lamp(ada);
  expect(lit).toContain('Messages-Waiting: yes');
  expect(lit).toContain(`Message-Account: ${ada.address()}`);
  expect(lit).toContain('Voice-Message: 1/0 (0/0)');

  const dialog = await new Call(station, '*30101').answered();
  for (const digit of on.server.line('101').secretCode ?? '') await press(dialog, digit);
  await press(dialog, '#');
  // The station has not subscribed: it is told anyway.
  expect(await lamp(station)).toContain('Voice-Message: 1/0 (0/0)');
  expect(await lamp(ada)).toBe('Messages-Waiting: no\r\n');
  await dialog.request('BYE');
  await new Call(station, '*30').answered();
  expect(await lamp(station)).toContain('Messages-Waiting: no');
  expect(await lamp(ada)).toContain('Messages-Waiting: yes');
});

test('no one can subscribe to another extension’s lamp', async () => {
  const ben = await on.register('102');
  const refused = await ben.transact('SUBSCRIBE', ben.address('101'), {
    fields: ['Event: message-summary', 'Expires: 600'],
  });
  expect(sip.status(refused)).toBe(403);
});

async function press(dialog: Dialog, digit: string): Promise<void> {
  await dialog.request('INFO', {
    fields: ['Content-Type: application/dtmf-relay'],
    body: `Signal=${digit}\r\nDuration=100\r\n`,
  });
}

test('a disk that is nearly full takes no message, and tells those who watch', async () => {
  const token = 'the-token-of-prometheus';
  const full = await DemoServer.start({
    PERCH_MIN_FREE_DISK_MB: '10000000',
    PERCH_METRICS_TOKEN: token,
  });
  try {
    const ben = await SipClient.registered(full.organization, full.line('102'));
    const peer = await TestPeer.open();
    const call = new Call(ben, '103', { body: peer.offer() });
    await call.answered();
    await ben.next('BYE', (message) => message.startLine.startsWith('BYE'), 20_000);
    peer.close();
    const headers = { authorization: `Bearer ${token}` };
    const metrics = await (await fetch(`${full.organization.url}/metrics`, { headers })).text();
    expect(metrics).toContain('perch_voicemail_disk_low 1');
    expect(metrics).toContain('perch_voicemail_messages_total{outcome="disk-full"} 1');
    ben.close();
  } finally {
    await full.stop();
  }
}, 60_000);

let smtp: Awaited<ReturnType<typeof startSmtpServer>>;
beforeAll(async () => {
  smtp = await startSmtpServer();
});
afterAll(() => smtp.close());

test('a message is mailed with its recording and a link', async () => {
  const server = await DemoServer.start((url) => ({
    PERCH_SMTP_URL: `smtp://127.0.0.1:${String(smtp.address.port)}`,
    PERCH_MAIL_FROM: 'Perch <perch@demo.perch.test>',
    PERCH_PUBLIC_URL: url,
  }));
  try {
    await server.administer('PATCH', '/api/extensions/103', { voicemailMail: 'chloe@demo.perch.test' });
    const ben = await SipClient.registered(server.organization, server.line('102'));
    await leaveMessage(ben, '103', VOICE);
    await expect.poll(() => smtp.received.length, { timeout: 10_000 }).toBe(1);
    const [mail] = smtp.received;
    expect(mail?.to).toEqual(['chloe@demo.perch.test']);
    expect(mail?.source).toContain('Subject: Message from Ben (102)');
    expect(mail?.source).toContain(`${server.organization.url}/phone/103`);
    const attached = /Content-Type: audio\/ogg[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(mail?.source ?? '');
    expect(Buffer.from(attached?.[1] ?? '', 'base64').toString('latin1', 0, 4)).toBe('OggS');
    ben.close();
  } finally {
    await server.stop();
  }
}, 60_000);
