import type { Account } from '../load.ts';
import { Phone } from '../generator/phone.ts';
import { Registration } from '../generator/registration.ts';
import { status } from '../generator/sip-text.ts';
import { type Battle, goesOn, pause } from './attack.ts';

/** How long an attacker waits before it tries to connect again (milliseconds). */
const RETRY_MS = 20;

/** A phone of an attacker: it counts what it is answered, and answers nothing itself. */
export function attackingPhone(account: Account, { target, tally }: Battle): Phone {
  const phone = new Phone(account, target);
  phone.answer = () => undefined;
  phone.unexpected = (response) => tally.got(String(status(response)));
  return phone;
}

/** A phone that has registered; where it is turned away, it tries again until the attack is over: then `undefined`. */
export async function attackingFlow(account: Account, battle: Battle): Promise<Phone | undefined> {
  const { tally } = battle;
  while (goesOn(battle)) {
    const phone = attackingPhone(account, battle);
    try {
      await phone.connect();
      await new Registration(phone).first();
      return phone;
    } catch (error) {
      tally.got(reasonOf(error));
      phone.cut();
      await pause(RETRY_MS);
    }
  }
  return undefined;
}

/** Why something failed, short enough to be counted. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const answer = /\b(?:SIP\/2\.0|HTTP\/1\.1) (\d{3})/.exec(text)?.[1];
  if (answer !== undefined) return answer;
  return /closed|reset|EPIPE|lost its connection/i.test(text) ? 'closed' : text.slice(0, 60);
}
