import { expect, test } from 'vitest';
import { ReceptionProbe } from './reception.ts';

type Totals = Readonly<Record<string, number>>;

/** A connection whose totals the test sets. */
function connection() {
  const stats = { inbound: {} as Totals, report: null as Totals | null };
  const look = {
    getStats: () =>
      Promise.resolve(
        new Map<string, object>([
          ['in', { type: 'inbound-rtp', kind: 'audio', ...stats.inbound }],
          ['pair', { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.05 }],
          ...(stats.report === null
            ? []
            : [['out', { type: 'remote-inbound-rtp', kind: 'audio', ...stats.report }] as const]),
        ]),
      ),
  } as unknown as RTCPeerConnection;
  return { stats, look };
}

test('what has arrived and what has not is counted since the last look', async () => {
  const { stats, look } = connection();
  const probe = new ReceptionProbe();
  stats.inbound = { packetsReceived: 100, packetsLost: 0, jitter: 0.004 };
  expect(await probe.look(look)).toEqual({
    incoming: { loss: 0, jitterMs: 4 },
    outgoing: null,
    roundTripMs: 50,
  });
  stats.inbound = { packetsReceived: 190, packetsLost: 10, jitter: 0.004 };
  expect((await probe.look(look))?.incoming?.loss).toBeCloseTo(0.1);
  stats.inbound = { packetsReceived: 290, packetsLost: 10, jitter: 0.004 };
  expect((await probe.look(look))?.incoming?.loss).toBe(0);
});

test('sound that came too late and was made up is as lost as what never came; made-up silence is not', async () => {
  const { stats, look } = connection();
  stats.inbound = {
    packetsReceived: 100,
    totalSamplesReceived: 96_000,
    concealedSamples: 48_000,
    silentConcealedSamples: 28_800,
  };
  expect((await new ReceptionProbe().look(look))?.incoming?.loss).toBeCloseTo(0.2);
});

test('the other end’s report counts once', async () => {
  const { stats, look } = connection();
  const probe = new ReceptionProbe();
  stats.report = { timestamp: 7, fractionLost: 0.25, jitter: 0.02, roundTripTime: 0.3 };
  expect(await probe.look(look)).toEqual({
    incoming: null,
    outgoing: { loss: 0.25, jitterMs: 20 },
    roundTripMs: 300,
  });
  expect(await probe.look(look)).toBeUndefined();
  stats.report = { ...stats.report, timestamp: 8, fractionLost: 0 };
  expect((await probe.look(look))?.outgoing?.loss).toBe(0);
});
