import { ReleasingMap } from '../../collections/releasing-map.ts';
import type { Flow, FlowId } from '../transport/flow.ts';
import type { DialogLeg } from './dialog-leg.ts';

/**
 * Which legs the end of a flow affects. Thousands of flows may end at once, so each must find its own legs directly. Most have one leg, which
 * needs no set.
 */
export class LegsByFlow {
  readonly #legs = new ReleasingMap<FlowId, DialogLeg | Set<DialogLeg>>();

  /** The leg has to do with that flow. */
  add(leg: DialogLeg, flow: Flow): void {
    if (leg.flows.includes(flow)) return;
    leg.flows = leg.flows.length === 0 ? [flow] : [...leg.flows, flow];
    const others = this.#legs.get(flow.id);
    if (others === undefined) this.#legs.set(flow.id, leg);
    else if (others instanceof Set) others.add(leg);
    else this.#legs.set(flow.id, new Set([others, leg]));
  }

  has(flow: Flow): boolean {
    return this.#legs.get(flow.id) !== undefined;
  }

  /** The leg is over. */
  delete(leg: DialogLeg): void {
    for (const flow of leg.flows) {
      const others = this.#legs.get(flow.id);
      if (others instanceof Set) others.delete(leg);
      if (!(others instanceof Set) || others.size === 0) this.#legs.delete(flow.id);
    }
  }

  /** Forgets a flow; returns the legs that had to do with it. */
  take(flow: Flow): Iterable<DialogLeg> {
    const found = this.#legs.get(flow.id);
    if (found === undefined) return [];
    this.#legs.delete(flow.id);
    const those = found instanceof Set ? found : [found];
    for (const leg of those) leg.flows = leg.flows.filter((other) => other !== flow);
    return those;
  }
}
