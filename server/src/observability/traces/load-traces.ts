import type { Clock } from '../../world/clock.ts';
import type { CallTraces } from '../journal.ts';

/** OpenTelemetry takes a while to load, and memory: only where traces are wanted. */
export async function loadTraces(areWanted: boolean, clock: Clock): Promise<CallTraces | undefined> {
  if (!areWanted) return undefined;
  const { openCallTraces } = await import('./call-traces.ts');
  return openCallTraces(clock);
}
