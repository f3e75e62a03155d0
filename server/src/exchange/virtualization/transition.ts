import type { ExtensionId } from '@perch/shared';
import { consequencesOf } from './consequences.ts';
import type { Effect, Event } from './event.ts';
import { withBuckets } from './guessing.ts';
import { planOf } from './plan.ts';
import type { State } from './state.ts';
import { stillUndoable, UNDO_WINDOW_MS } from './undo.ts';
import { touchedBy } from './virtualizations.ts';
import { type Change } from './virtualization.ts';

/**
 * One step of an organization's virtualization. `emergencies` are the owners of the terminals with an emergency call:
 * an event that would change one of them returns `wait` and the unchanged state.
 */
export function step(
  state: State,
  event: Event,
  emergencies: ReadonlySet<ExtensionId>,
): readonly [State, readonly Effect[]] {
  const { answer, endings = [], begun = [], buckets = [], ...plan } = planOf(state, event);
  const change: Change = { ended: endings.map((one) => one.virtualization), begun };
  const touched = touchedBy(change);
  if ([...touched].some((extension) => emergencies.has(extension))) return [state, [{ kind: 'wait' }]];

  const before = state.virtualizations;
  const after = touched.size > 0 ? before.after(change) : before;
  const consequences = consequencesOf(before, after, change);
  const concerned = plan.concerns === undefined ? touched : new Set([...touched, plan.concerns]);
  let undoable = stillUndoable(state.undoable, concerned, event.at);
  if (plan.shownOn !== undefined) {
    const { shownOn, canUndo = false, limit = null } = plan;
    const until = event.at + UNDO_WINDOW_MS;
    const who = 'who' in event ? event.who : null;
    const shown = { ...change, at: event.at, until, canUndo, who, limit, consequences };
    undoable = new Map([...undoable, ...shownOn.map((terminal) => [terminal, shown] as const)]);
  }

  const effects: Effect[] = [];
  if (plan.record) effects.push({ kind: 'store', stored: { ...change, buckets, record: plan.record } });
  if (touched.size > 0) effects.push({ kind: 'changed', change, consequences });
  effects.push({ kind: 'answer', answer });
  return [{ virtualizations: after, guesses: withBuckets(state.guesses, buckets), undoable }, effects];
}
