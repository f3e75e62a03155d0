import { expect, test } from 'vitest';
import { type Quality, step, UNWATCHED } from '../phone/calls/quality.ts';
import { ReceptionProbe } from './reception.ts';
import { BEFORE, DURING, type Look, RECEIVER, SENDER } from './support/recorded-loss.ts';

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

/** What a page has said after each look at a call that was recorded. */
async function saidIn(looks: readonly Look[]): Promise<readonly (Quality | null)[]> {
  const { stats, look } = connection();
  const probe = new ReceptionProbe();
  let watch = UNWATCHED;
  const said: (Quality | null)[] = [];
  for (const [
    packetsReceived,
    packetsLost,
    concealedSamples,
    totalSamplesReceived,
    jitterMs,
    report,
  ] of looks) {
    stats.inbound = {
      packetsReceived,
      packetsLost,
      concealedSamples,
      totalSamplesReceived,
      jitter: jitterMs / 1_000,
    };
    stats.report = report && { timestamp: report[0], fractionLost: report[1], jitter: report[2] / 1_000 };
    const reception = await probe.look(look);
    if (reception) watch = step(watch, reception, { withServer: false, serverIsLate: false });
    said.push(watch.said);
  }
  return said;
}

test.for([
  ['sends', SENDER, 'ours'],
  ['receives', RECEIVER, 'theirs'],
] as const)(
  'of the side that %s what is lost it is said whose fault that is, until it is over',
  async ([, looks, fault]) => {
    const said = await saidIn(looks);
    expect(said[BEFORE - 1]).toEqual({ grade: 'good' });
    const begun = said.findIndex((word) => word !== null && word.grade !== 'good');
    expect(begun).toBeGreaterThanOrEqual(BEFORE);
    expect(begun).toBeLessThan(BEFORE + 4);
    for (const word of said.slice(begun, BEFORE + DURING)) expect(word).toMatchObject({ fault });
    expect(said.at(-1)).toEqual({ grade: 'good' });
  },
);
