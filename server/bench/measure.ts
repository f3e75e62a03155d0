import { setTimeout as pause } from 'node:timers/promises';
import type { Account, Outcomes } from './load.ts';
import type { Peer } from './peer.ts';
import { Generator, memoryKiB } from './pinned-process.ts';
import { type Figures, SETUP_RATE } from './report.ts';

/** Phones of the idle and the storm measurement, and the fewer of them that the rates are measured with. */
export const IDLE_PHONES = 5_000;
const BUSY_PHONES = 2_000;
/** A closed loop is tried with each, and the best counts: servers peak at different loads, and one may break at the last. */
const CONCURRENT_CALLS = [32, 128, 256];
const SETUP_SECONDS = 12;

/** Puts every load on one server, from an idle crowd to takeovers. `progress` is told what comes next. */
export async function measure(
  peer: Peer,
  accounts: readonly Account[],
  progress: (what: string) => void,
): Promise<Figures> {
  const generator = new Generator();
  const { target } = peer;
  const busy = { kind: 'connect', target, accounts: accounts.slice(0, BUSY_PHONES) } as const;
  try {
    progress(`${String(IDLE_PHONES)} idle phones`);
    const empty = await restingMemory(peer);
    await generator.order({ kind: 'connect', target, accounts });
    const crowded = await restingMemory(peer);

    progress('every phone loses its socket');
    const storm = await generator.order({ kind: 'storm' });
    await generator.order({ kind: 'disconnect' });

    await generator.order(busy);
    progress('re-REGISTER with a cached nonce');
    const register = await generator.order({ kind: 'register', authentication: 'cached-nonce' });
    progress('re-REGISTER challenged each time');
    const challenge = await generator.order({ kind: 'register', authentication: 'challenge' });
    let flow: Outcomes['register'] | undefined;
    if (target.authenticatedFlows) {
      progress('re-REGISTER on an authenticated flow');
      flow = await generator.order({ kind: 'register', authentication: 'flow' });
    }

    let calls = 0;
    for (const concurrent of CONCURRENT_CALLS) {
      progress(`complete calls, ${String(concurrent)} at once`);
      try {
        calls = Math.max(calls, (await generator.order({ kind: 'calls', concurrent })).perSecond);
      } catch (error) {
        progress(`${String(error)}: too many at once`);
        await generator.order({ kind: 'disconnect' });
        await generator.order(busy);
      }
    }
    progress(`${String(SETUP_RATE)} calls a second`);
    const setup = await generator.order({ kind: 'setup', rate: SETUP_RATE, seconds: SETUP_SECONDS });
    await generator.order({ kind: 'disconnect' });

    let takeovers: Outcomes['takeovers'] | undefined;
    if (peer.desks !== undefined) {
      progress('takeovers');
      takeovers = await generator.order({ kind: 'takeovers', target, ...peer.desks });
    }
    return {
      register: register.perSecond,
      challenge: challenge.perSecond,
      calls,
      setup,
      memoryKiBPerPhone: (crowded - empty) / accounts.length,
      storm,
      ...(flow && { flow: flow.perSecond }),
      ...(takeovers && { takeovers }),
    };
  } catch (error) {
    throw new Error(`${String(error)}\n${peer.server.output}`, { cause: error });
  } finally {
    generator.end();
  }
}

/** KiB once the server has come to rest and, where it can be asked to, collected its garbage. */
async function restingMemory(peer: Peer): Promise<number> {
  await pause(3_000);
  peer.collectGarbage?.();
  await pause(2_000);
  return memoryKiB(peer.server.pid);
}
