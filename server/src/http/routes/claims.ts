import { api, type CallRecord, CLAIM_WINDOW_MS } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { type Claimant, isClaimable } from '../../exchange/call/records/claim.ts';
import { Refusal } from '../../management/refusal.ts';
import type { EnrolledBrowser } from '../../management/terminals.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

/** Calls that are looked at: more than a desk makes in ten minutes. */
const MOST_CALLS = 200;

/** Calls that the guest at a station has made there before they came: at a change of shifts, people call first and log in then. */
export function claimRoutes(app: FastifyInstance, { management, history, clock }: HttpPorts): void {
  const { exchanges, extensions } = management;

  /** The guest who came a short while ago, and since when. */
  const newGuest = async ({ organization, owner, terminal }: EnrolledBrowser) => {
    const occupancy = (await exchanges.of(organization).view(terminal))?.occupancy;
    if (owner.kind !== 'station' || occupancy?.kind !== 'guest') return undefined;
    const { guest, since } = occupancy;
    const found = extensions.find(organization, guest.number);
    if (found instanceof Refusal || clock.now() >= since + CLAIM_WINDOW_MS) return undefined;
    const claimant: Claimant = { extension: found.id, number: found.number, name: found.name };
    return { claimant, id: found.id, since };
  };

  const claimable = async (
    { organization, owner, terminal }: EnrolledBrowser,
    claimant: Claimant,
    since: number,
  ): Promise<readonly CallRecord[]> => {
    const window = { from: since - CLAIM_WINDOW_MS, until: since };
    const made = { extensions: [owner.id], terminal, direction: 'made', ...window } as const;
    const { records } = await history(organization).calls.calls(made, MOST_CALLS);
    return records.filter((record) =>
      isClaimable(record, { extension: owner.id, terminal }, claimant, since),
    );
  };

  operation(app, management, api.claimableCalls, async ({ caller }) => {
    const guest = await newGuest(caller);
    if (guest === undefined) return [];
    const records = await claimable(caller, guest.claimant, guest.since);
    return records.map(({ id, startedAt, answeredAt, endedAt }) => ({
      ...{ id, at: startedAt, answeredMs: answeredAt === null ? null : Math.max(0, endedAt - answeredAt) },
    }));
  });

  operation(app, management, api.claimCall, async ({ caller, body, note }) => {
    const guest = await newGuest(caller);
    if (guest === undefined) return NOT_TO_BE_CLAIMED;
    const { claimant, since } = guest;
    const record = (await claimable(caller, claimant, since)).find(({ id }) => id === body.call);
    note({ about: claimant.number });
    if (record === undefined) return NOT_TO_BE_CLAIMED;
    note({ after: { call: record.id, dialled: record.dialled } });
    const { organization, owner, terminal } = caller;
    const desk = { extension: owner.id, terminal };
    const claimed = { call: record.id, desk, claimant, since, at: clock.now() };
    return (await history(organization).claims.claim(claimed)) ? undefined : NOT_TO_BE_CLAIMED;
  });
}

const NOT_TO_BE_CLAIMED = new Refusal('not-found', 'That call cannot be claimed here, or no longer.');
