import { ReleasingMap } from '../../collections/releasing-map.ts';
import type { Flow, FlowId } from '../transport/flow.ts';
import type { DialogLeg } from './dialog-leg.ts';

/** Which legs the end of a flow affects. Thousands of flows may end at once, so each must find its own legs directly. */
export class LegsByFlow {
  readonly #legs = new ReleasingMap<FlowId, Set<DialogLeg>>();

  /** The leg has to do with that flow. */
  add(leg: DialogLeg, flow: Flow): void {
    if (leg.flows.includes(flow)) return;
    leg.flows.push(flow);
    const others = this.#legs.get(flow.id);
    if (others === undefined) this.#legs.set(flow.id, new Set([leg]));
    else others.add(leg);
  }

  has(flow: Flow): boolean {
    return this.#legs.get(flow.id) !== undefined;
  }

  /** The leg is over. */
  delete(leg: DialogLeg): void {
    for (const flow of leg.flows) {
      const others = this.#legs.get(flow.id);
      if (others?.delete(leg) === true && others.size === 0) this.#legs.delete(flow.id);
    }
  }

  /** Forgets a flow; returns the legs that had to do with it. */
  take(flow: Flow): Iterable<DialogLeg> {
    const those = this.#legs.get(flow.id) ?? [];
    this.#legs.delete(flow.id);
    for (const leg of those) leg.flows.splice(leg.flows.indexOf(flow), 1);
    return those;
  }
}
