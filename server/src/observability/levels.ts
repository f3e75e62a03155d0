import type { Metrics } from './metrics.ts';

/** Where the levels are read. */
interface Gauged {
  readonly readiness: { trouble(): Promise<string | undefined> };
  readonly recordings: { hasRoom(): Promise<boolean> };
  readonly flows: () => number;
  /** Flows that have not shown whose they are. */
  readonly strangers: () => number;
  /** The sum over all organizations. */
  readonly count: (what: 'registrations' | 'asleep' | 'calls') => Promise<number>;
  /** Mails that wait. */
  readonly outbox: () => Promise<number>;
}

/** What a server has or is at the moment, read whenever it is asked for. */
export function measureLevels(metrics: Metrics, server: Gauged): void {
  const { readiness, recordings, flows, strangers, count, outbox } = server;
  const levels = {
    perch_ready: [
      '1 while the server can do its work, as /readyz says it.',
      async () => Number((await readiness.trouble()) === undefined),
    ],
    perch_flows: ['Flows that are open.', flows],
    perch_flows_unproven: ['Of these, flows that have not shown whose they are.', strangers],
    perch_registrations: ['Bindings of phones.', () => count('registrations')],
    perch_registrations_asleep: [
      'Of these, phones whose page is frozen or asleep, so that no call reaches them.',
      () => count('asleep'),
    ],
    perch_calls: ['Calls under way.', () => count('calls')],
    perch_voicemail_disk_low: [
      '1 while the disk is so full that callers can leave no messages.',
      async () => Number(!(await recordings.hasRoom())),
    ],
    perch_voicemail_outbox: ['Mails about messages that wait to be sent.', outbox],
  } as const;
  for (const [name, [help, read]] of Object.entries(levels)) metrics.level({ name, help, read });
}
