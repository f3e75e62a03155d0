import type { Account } from './load.ts';
import { type Contender, ServerUnderLoad } from './server-under-load.ts';
import type { Figures } from './report.ts';

/** The parts that can be measured alone. */
export const PARTS = [
  'memory',
  'storm',
  'cold',
  'register',
  'calls',
  'setup',
  'takeovers',
  'deposits',
  'conference',
  'pages',
] as const;
export type Part = (typeof PARTS)[number];
/** For these, a server is started and ended each time. */
const ALONE: readonly Part[] = ['memory', 'storm', 'cold', 'conference', 'pages'];

interface Plan {
  readonly contenders: readonly Contender[];
  readonly accounts: readonly Account[];
  readonly parts: ReadonlySet<Part>;
  /**
   * How often everything is measured. The servers take turns, so that a slow minute of the machine affects all of them; the
   * median of the rounds counts.
   */
  readonly rounds: number;
  /** Is called with a line about each result. */
  readonly progress: (what: string) => void;
}

/** Puts the loads on each of the servers, from idle phones to messages that are left; returns their results in the same order. */
export async function measure(plan: Plan): Promise<readonly Figures[]> {
  const { contenders, accounts, parts, rounds, progress } = plan;
  const servers = contenders.map((contender) => new ServerUnderLoad(contender, accounts, progress));
  const inTurns = async (load: (server: ServerUnderLoad) => Promise<void>): Promise<void> => {
    for (let round = 0; round < rounds; round++)
      for (const server of round % 2 === 0 ? servers : servers.toReversed()) await load(server);
  };
  try {
    // Each alone, and then from the beginning: after a storm, a server may be busy for a long time.
    if (parts.has('memory') || parts.has('storm')) {
      for (const server of servers) {
        await server.start();
        if (parts.has('memory')) await server.idle();
        else await server.crowd();
        if (parts.has('storm')) for (let round = 0; round < rounds; round++) await server.storm();
        await server.end();
      }
    }
    if (parts.has('pages')) for (const server of servers) await server.changePages();
    if (parts.has('conference')) await inTurns((server) => server.confer());
    if (parts.has('cold')) await inTurns((server) => server.firstCalls());
    if ([...parts].every((part) => ALONE.includes(part))) return servers.map((server) => server.figures());

    for (const server of servers) await server.start();
    for (const server of servers) await server.connectBusy();
    if (parts.has('register')) {
      for (const server of servers) await server.warmUpRegisters();
      await inTurns((server) => server.register('cached-nonce'));
      await inTurns((server) => server.register('challenge'));
      await inTurns((server) => server.registerOnFlow());
    }
    if (parts.has('calls') || parts.has('setup')) for (const server of servers) await server.warmUpCalls();
    if (parts.has('calls')) await inTurns((server) => server.calls());
    if (parts.has('setup')) await inTurns((server) => server.setup());
    for (const server of servers) await server.disconnect();
    if (parts.has('takeovers')) for (const server of servers) await server.takeovers();
    if (parts.has('deposits')) for (const server of servers) await server.deposits();
    return servers.map((server) => server.figures());
  } finally {
    await Promise.allSettled(servers.map((server) => server.end()));
  }
}
