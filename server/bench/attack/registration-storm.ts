import type { Account } from '../load.ts';
import { Registration } from '../generator/registration.ts';
import { type Attack, type Battle, goesOn, together } from './attack.ts';
import { attackingPhone, reasonOf } from './attacking-phone.ts';

/** Connections that are being made at once. */
const AT_ONCE = 64;
/** As many as one extension may have registered at a time. */
const PHONES_OF_ONE = 10;

/** Phones connect, register and are gone again, without a pause. */
async function comeAndGo(battle: Battle, accountOf: (turn: number) => Account | undefined): Promise<void> {
  const { tally } = battle;
  let turn = 0;
  await together(Array.from({ length: AT_ONCE }), async () => {
    while (goesOn(battle)) {
      const account = accountOf(turn++);
      if (account === undefined) throw new Error('an attack without accounts');
      const phone = attackingPhone(account, battle);
      try {
        tally.sent('connection');
        await phone.connect();
        tally.sent('REGISTER', 2);
        await new Registration(phone).first();
        tally.got('200');
      } catch (error) {
        tally.got(reasonOf(error));
      }
      phone.cut();
    }
  });
}

/** Phones that are connected register again and again. */
async function refresh(battle: Battle, account: Account | undefined): Promise<void> {
  const { tally } = battle;
  if (account === undefined) throw new Error('an attack without accounts');
  await together(Array.from({ length: PHONES_OF_ONE }), async () => {
    while (goesOn(battle)) {
      const phone = attackingPhone(account, battle);
      const registration = new Registration(phone);
      try {
        await phone.connect();
        await registration.first();
        while (goesOn(battle)) {
          tally.sent('REGISTER');
          await registration.refresh('challenge');
          tally.got('200');
        }
      } catch (error) {
        tally.got(reasonOf(error));
      }
      phone.cut();
    }
  });
}

const wrong = (account: Account | undefined): Account | undefined =>
  account && { ...account, password: 'wrong' };

export const REGISTRATION_STORMS: readonly Attack[] = [
  {
    name: 'registration-storm',
    alone: true,
    what: 'many accounts connect, register and cut their connection, without a pause',
    run: (battle) => comeAndGo(battle, (turn) => battle.accounts[turn % battle.accounts.length]),
  },
  {
    name: 'registration-storm-one',
    alone: true,
    what: `one account registers again without a pause, on ${String(PHONES_OF_ONE)} connections, with made-up nonces first`,
    run: (battle) => refresh(battle, battle.accounts[0]),
  },
  {
    name: 'wrong-passwords',
    alone: true,
    what: 'wrong passwords for many accounts, each on a new connection, without a pause',
    run: (battle) => comeAndGo(battle, (turn) => wrong(battle.accounts[turn % battle.accounts.length])),
  },
  {
    name: 'wrong-passwords-one',
    alone: true,
    what: 'wrong passwords for one account, each on a new connection, without a pause',
    run: (battle) => comeAndGo(battle, () => wrong(battle.accounts[0])),
  },
];
