import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { IceLite } from './ice-lite.ts';
import type { IceCredentials } from './ice-lite.ts';
import type { BindingRequest } from './stun.ts';
import { systemChance } from '../../world/system-chance.ts';

const here = { address: '192.0.2.7', port: 1000 };
const there = { address: '192.0.2.7', port: 2000 };

/** A check as `readBindingRequest` would have read it, genuine unless told otherwise. */
function check(to: IceCredentials, changes: Partial<BindingRequest> = {}): BindingRequest {
  const covered = randomBytes(40);
  return {
    transactionId: randomBytes(12),
    username: `${to.ufrag}:peer`,
    useCandidate: false,
    controlled: false,
    unknown: [],
    covered,
    integrity: createHmac('sha1', to.password).update(covered).digest(),
    ...changes,
  };
}

const nominate = { useCandidate: true };

describe('a check', () => {
  test('with the right password is answered and, being the first, tells where to send', () => {
    const ice = new IceLite(systemChance);
    expect(ice.check(check(ice.credentials), here)).toMatchObject({ kind: 'answered' });
    expect(ice.remote).toEqual(here);
  });

  test.for([
    ['a wrong password', (ice: IceLite) => ({ ...ice.credentials, password: 'guessed' })],
    ['an unknown fragment', (ice: IceLite) => ({ ...ice.credentials, ufrag: 'nobody' })],
  ] as const)('with %s is forged: no answer, nothing changes', ([, spoil]) => {
    const ice = new IceLite(systemChance);
    expect(ice.check(check(spoil(ice), nominate), here)).toEqual({ kind: 'forged' });
    expect(ice.remote).toBeUndefined();
  });

  test('from a peer that believes itself controlled is refused with 487 and selects nothing', () => {
    const ice = new IceLite(systemChance);
    const outcome = ice.check(check(ice.credentials, { ...nominate, controlled: true }), here);
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(ice.remote).toBeUndefined();
  });

  test('with unknown mandatory attributes is refused with 420', () => {
    const ice = new IceLite(systemChance);
    expect(ice.check(check(ice.credentials, { unknown: [1] }), here)).toMatchObject({ kind: 'refused' });
    expect(ice.remote).toBeUndefined();
  });
});

describe('nomination', () => {
  test('decides where to send; plain checks from elsewhere do not', () => {
    const ice = new IceLite(systemChance);
    ice.check(check(ice.credentials, nominate), here);
    ice.check(check(ice.credentials), there);
    expect(ice.remote).toEqual(here);
    ice.check(check(ice.credentials, nominate), there);
    expect(ice.remote).toEqual(there);
  });
});

describe('restart', () => {
  test('makes new credentials; the old path is kept until the new ones nominate one', () => {
    const ice = new IceLite(systemChance);
    const old = ice.credentials;
    ice.check(check(old, nominate), here);
    ice.restart();
    expect(ice.credentials.ufrag).not.toBe(old.ufrag);
    expect(ice.credentials.password).not.toBe(old.password);

    expect(ice.check(check(old, nominate), there)).toMatchObject({ kind: 'answered' });
    ice.check(check(ice.credentials), there);
    expect(ice.remote).toEqual(here);

    ice.check(check(ice.credentials, nominate), there);
    expect(ice.remote).toEqual(there);
    expect(ice.check(check(old, nominate), here)).toEqual({ kind: 'forged' });
    expect(ice.ufrags).toEqual([ice.credentials.ufrag]);
  });

  test('again before the first has nominated a path keeps only the path in use', () => {
    const ice = new IceLite(systemChance);
    const old = ice.credentials;
    ice.check(check(old, nominate), here);
    ice.restart();
    const forgotten = ice.credentials;
    ice.restart();
    expect(ice.check(check(old), here)).toMatchObject({ kind: 'answered' });
    expect(ice.check(check(forgotten), here)).toEqual({ kind: 'forged' });
    expect(ice.ufrags).toHaveLength(2);
  });
});
