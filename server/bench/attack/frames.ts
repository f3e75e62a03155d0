import { randomBytes } from 'node:crypto';
import { unique } from '../generator/phone.ts';
import { type Attack, type Battle, drained, goesOn, together } from './attack.ts';
import { attackingFlow } from './attacking-phone.ts';
import { crowd } from './connections.ts';
import { inviteText } from './invite-flood.ts';
import { type RawConnection, UPGRADE } from './raw-connection.ts';

const [CONTINUATION, TEXT, PING, PONG] = [0x00, 0x01, 0x09, 0x0a];
const FIN = 0x80;
const CONNECTIONS = 50;

/** A masked frame (RFC 6455 §5.2), the mask of which is zero. */
function frame(first: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 6 : length < 65_536 ? 8 : 14);
  header[0] = first;
  header[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (length >= 65_536) header.writeUInt32BE(length, 6);
  else if (length >= 126) header.writeUInt16BE(length, 2);
  return Buffer.concat([header, payload]);
}

/** The same again and again, on a WebSocket of nobody. */
const repeated =
  (battle: Battle, what: string, frames: readonly Buffer[]) =>
  async (connection: RawConnection): Promise<void> => {
    connection.send(UPGRADE);
    const together = Buffer.concat(frames);
    while (goesOn(battle) && connection.connected) {
      battle.tally.sent(what, frames.length);
      connection.send(together);
      await drained(connection, battle);
    }
  };

const pings = Array.from({ length: 200 }, () => frame(FIN | PING, randomBytes(20)));
const pongs = Array.from({ length: 200 }, () => frame(FIN | PONG, randomBytes(20)));
const tiny = [
  frame(TEXT, Buffer.from('R')),
  ...Array.from({ length: 40 }, () => frame(CONTINUATION, Buffer.from('E'))),
];
/** Of every length around those at which something changes, up to one that is too long. */
const sizes = [0, 1, 2, 125, 126, 127, 1_000, 16_384, 65_535, 65_536, 65_537].map((length) =>
  frame(FIN | TEXT, Buffer.alloc(length, 'a')),
);

/** Registered phones send what is allowed in size, and costs as much as it can. */
async function largeMessages(battle: Battle): Promise<void> {
  const { accounts, tally } = battle;
  await together(accounts.slice(0, 20), async (account) => {
    while (goesOn(battle)) {
      const phone = await attackingFlow(account, battle);
      if (phone === undefined) return;
      const via = `Via: ${phone.via};branch=z9hG4bKx\r\n`;
      const largest = 60_000;
      const invite = (): string => inviteText(phone, '99999');
      const kinds = [
        () => invite().replace('Max-Forwards', `${via.repeat(100)}Max-Forwards`),
        () => invite().replace('Max-Forwards', `Subject: ${'a'.repeat(largest)}\r\nMax-Forwards`),
        () => invite().replace('Max-Forwards', `${'A: b\r\n'.repeat(largest / 6)}Max-Forwards`),
        () => inviteText(phone, '99999', 'a=x\r\n'.repeat(largest / 5)),
        () => invite().replace('Contact:', `Contact: ${'<'.repeat(largest)}`),
        () => `OPTIONS sip:x SIP/2.0\r\n${unique()}: ${'"'.repeat(largest)}\r\n\r\n`,
      ];
      for (let turn = 0; goesOn(battle) && phone.connected; turn++) {
        phone.send(kinds[turn % kinds.length]?.() ?? '');
        tally.sent('large message');
        await drained(phone, battle);
      }
      phone.cut();
    }
  });
}

export const FRAME_ATTACKS: readonly Attack[] = [
  {
    name: 'pings',
    what: `pings and pongs without a pause, on ${String(CONNECTIONS)} WebSockets of nobody`,
    run: (battle) => crowd(battle, CONNECTIONS, repeated(battle, 'ping or pong', [...pings, ...pongs])),
  },
  {
    name: 'fragments',
    what: `messages in fragments of one octet, on ${String(CONNECTIONS)} WebSockets of nobody`,
    run: (battle) => crowd(battle, CONNECTIONS, repeated(battle, 'fragment', tiny)),
  },
  {
    name: 'frame-sizes',
    what: `frames of 0 to 65,537 octets, on ${String(CONNECTIONS)} WebSockets of nobody`,
    run: (battle) => crowd(battle, CONNECTIONS, repeated(battle, 'frame', sizes)),
  },
  {
    name: 'large-messages',
    alone: true,
    what: '20 accounts send INVITEs with a hundred Vias, ten thousand headers, or 60,000 octets in one header or body',
    run: largeMessages,
  },
];
