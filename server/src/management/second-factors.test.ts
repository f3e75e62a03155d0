import { Secret, TOTP } from 'otpauth';
import { beforeEach, expect, test } from 'vitest';
import { seededChance } from '../world/seeded-chance.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import type { StoredPerson } from './repositories.ts';
import { Refusal } from './refusal.ts';
import { SecondFactors } from './second-factors.ts';
import { slowHash } from './slow-hash.ts';
import { FakeSecondFactors } from './support/fake-second-factors.ts';
import { administrator, organization } from './support/stored.ts';

const PASSWORD = 'correct horse battery';
const STEP_MS = 30_000;

let clock: VirtualClock;
let factors: SecondFactors;
let boss: StoredPerson;
/** The authenticator app of the boss. */
let app: TOTP;

const granted = <Answer>(answer: Answer | Refusal): Answer => {
  if (answer instanceof Refusal) throw new Error(answer.detail);
  return answer;
};
const code = (): string => app.generate({ timestamp: clock.now() });
const wrong = (): string => String((Number(code()) + 1) % 1_000_000).padStart(6, '0');
const outcome = (answer: unknown): string => (answer instanceof Refusal ? answer.code : 'done');
const prove = async (given: string) => outcome(await factors.prove(boss, given));

beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const chance = seededChance('second-factors');
  boss = { ...administrator, passwordHash: await slowHash(PASSWORD, chance) };
  factors = new SecondFactors({
    repository: new FakeSecondFactors(() => organization.id),
    nameOf: () => organization.name,
    world: { clock, chance },
  });
});

/** @returns the recovery codes. */
async function turnOn(): Promise<readonly string[]> {
  const { secret } = granted(await factors.begin(boss, { password: PASSWORD, signedInAt: 0 }));
  app = new TOTP({ secret: Secret.fromBase32(secret) });
  const { codes } = granted(await factors.confirm(boss, code()));
  await clock.advance(STEP_MS);
  return codes;
}

test('it is on once a code from the app was seen, and only then asked for', async () => {
  expect(outcome(await factors.begin(boss, { password: 'wrong', signedInAt: 0 }))).toBe('wrong-credentials');
  expect(outcome(await factors.confirm(boss, '123456'))).toBe('second-factor-off');
  const { secret } = granted(await factors.begin(boss, { password: PASSWORD, signedInAt: 0 }));
  app = new TOTP({ secret: Secret.fromBase32(secret) });
  expect(outcome(await factors.confirm(boss, wrong()))).toBe('wrong-second-factor');
  expect(await factors.isOn(boss)).toBe(false);
  expect(await prove(code())).toBe('second-factor-off');
  granted(await factors.confirm(boss, `${code().slice(0, 3)} ${code().slice(3)}`));
  expect(await factors.view(boss)).toEqual({
    isOn: true,
    isDemanded: false,
    asksPassword: true,
    recoveryCodes: 10,
  });
  expect(outcome(await factors.begin(boss, { password: PASSWORD, signedInAt: 0 }))).toBe('second-factor-on');
  expect(outcome(await factors.confirm(boss, code()))).toBe('second-factor-on');
});

test('a QR code that was made again is the only one that counts', async () => {
  const { secret } = granted(await factors.begin(boss, { password: PASSWORD, signedInAt: 0 }));
  app = new TOTP({ secret: Secret.fromBase32(secret) });
  await turnOn();
  expect(await factors.isOn(boss)).toBe(true);
});

test('no code works twice: neither the one that turned it on, nor one that is older than one that was used', async () => {
  const { secret } = granted(await factors.begin(boss, { password: PASSWORD, signedInAt: 0 }));
  app = new TOTP({ secret: Secret.fromBase32(secret) });
  const first = code();
  granted(await factors.confirm(boss, first));
  expect(await prove(first)).toBe('wrong-second-factor');
  await clock.advance(STEP_MS);
  const second = code();
  await clock.advance(STEP_MS);
  const third = code();
  expect(await Promise.all([prove(third), prove(third)])).toEqual(['done', 'wrong-second-factor']);
  expect(await prove(second)).toBe('wrong-second-factor');
});

test('a recovery code replaces the app once, however it is written, and is gone when new ones are made', async () => {
  const [one = '', two = '', three = ''] = await turnOn();
  expect(one).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  expect(await factors.prove(boss, ` ${one.toUpperCase().replaceAll('-', ' ')} `)).toBe('recovery-code');
  expect(await prove(one)).toBe('wrong-second-factor');
  expect((await factors.view(boss)).recoveryCodes).toBe(9);
  const { codes } = granted(await factors.renewCodes(boss, two));
  expect(await prove(three)).toBe('wrong-second-factor');
  expect((await factors.view(boss)).recoveryCodes).toBe(10);
  expect(await factors.prove(boss, codes[0] ?? '')).toBe('recovery-code');
});

test('codes are not guessed without end; meanwhile a recovery code still works', async () => {
  const [recovery = ''] = await turnOn();
  for (let count = 0; count < 5; count++) expect(await prove(wrong())).toBe('wrong-second-factor');
  expect(await prove(code())).toBe('too-many-requests');
  expect(await prove(recovery)).toBe('done');
  await clock.advance(STEP_MS);
  expect(await prove(code())).toBe('done');
});

test('guesses that come at once count, too', async () => {
  await turnOn();
  const guesses = await Promise.all(Array.from({ length: 9 }, () => prove(wrong())));
  expect(guesses.filter((answer) => answer === 'too-many-requests')).toHaveLength(4);
});

test('it is turned off by a code, or by somebody else for a person who has lost it', async () => {
  await turnOn();
  expect(outcome(await factors.remove(boss, wrong()))).toBe('wrong-second-factor');
  expect(outcome(await factors.remove(boss, code()))).toBe('done');
  expect(await factors.view(boss)).toEqual({
    isOn: false,
    isDemanded: false,
    asksPassword: true,
    recoveryCodes: 0,
  });
  expect(outcome(await factors.reset(boss))).toBe('second-factor-off');
  await turnOn();
  expect(outcome(await factors.reset(boss))).toBe('done');
  expect(await factors.isOn(boss)).toBe(false);
});

test('nobody demands what they have not set up themselves', async () => {
  for (const secondFactorOf of ['administrators', 'everyone'] as const)
    expect(outcome(await factors.changePolicy(boss, { secondFactorOf }))).toBe('second-factor-missing');
  await turnOn();
  expect(outcome(await factors.changePolicy(boss, { secondFactorOf: 'everyone' }))).toBe('done');
  expect(await factors.policy(boss)).toEqual({ secondFactorOf: 'everyone' });
});

test.for([
  ['nobody', [false, false, false, false]],
  ['administrators', [true, true, false, false]],
  ['everyone', [true, true, true, true]],
] as const)('demanded of %s: operators, administrators, supervisors, owners %j', async ([of, expected]) => {
  await turnOn();
  granted(await factors.changePolicy(boss, { secondFactorOf: of }));
  const roles = ['operator', 'administrator', 'supervisor', 'owner'] as const;
  const lacking = roles.map((role) => factors.isLacking({ ...boss, id: role, roles: [role] }));
  expect(await Promise.all(lacking)).toEqual(expected);
  expect(await factors.isLacking(boss)).toBe(false);
});
