import type { Call } from '../call.ts';
import type { CallLimits } from '../admission/call-limits.ts';
import type { Forwarded } from '../machines/call-state.ts';
import type { RingingPhones } from '../machines/visible.ts';
import { attemptsOfHops } from '../records/descriptions.ts';
import type { Destination, World } from '../ringing/destination.ts';
import { onwardOf, reachOn } from './forwarding.ts';
import type { Sought } from './unanswered.ts';
import type { Ringer } from '../ringing/ringer.ts';

interface ForwarderPorts {
  readonly world: World;
  readonly limits: Pick<CallLimits, 'isBusy' | 'isInsistent'>;
  readonly ringer: Pick<Ringer, 'ring'>;
}

/** Sends calls on that were not answered where they rang. */
export class Forwarder {
  readonly #ports: ForwarderPorts;

  constructor(ports: ForwarderPorts) {
    this.#ports = ports;
  }

  /** Rings the extension to which calls go on from the one that was not reached, for that failure; says what has become of it. */
  goOn(call: Call, { party, from, by, failure }: Sought): Forwarded {
    const { world, ringer } = this.#ports;
    const last = world.directory.byId(party.extension);
    const passed = call.unanswered.hops.map(({ extension }) => extension.id);
    const destination = last && reachOn(last, failure, passed, from.terminal ?? undefined, world);
    const hops = hopsOf(destination);
    const [first] = hops;
    if (destination === undefined || first === undefined)
      return { kind: 'forwarded', number: null, hops: [], to: failure };
    const noted = { number: first.to, hops: attemptsOfHops(hops.slice(1), call.now(), world) };
    call.unanswered.divertedBy(hops);
    if (destination.kind !== 'ring')
      return {
        kind: 'forwarded',
        ...noted,
        to: destination.kind === 'unavailable' ? destination.failure : failure,
      };
    const { callee, phones } = destination;
    const extension = world.directory.byId(callee.extension);
    if (this.#isFull(by, callee)) {
      const full =
        extension === undefined
          ? []
          : attemptsOfHops([{ extension, result: 'busy', to: null }], call.now(), world);
      return { kind: 'forwarded', number: noted.number, hops: [...noted.hops, ...full], to: 'busy' };
    }
    const branches = ringer.ring(call, phones, { party: callee, from, by });
    const onward = extension && onwardOf(extension);
    return { kind: 'forwarded', ...noted, to: { party: callee, branches, onward } };
  }

  #isFull(by: RingingPhones['by'], callee: RingingPhones['party']): boolean {
    const { limits } = this.#ports;
    return limits.isBusy(callee.terminal) || (by.terminal !== null && limits.isInsistent(by, callee));
  }
}

const hopsOf = (destination: Destination | undefined) =>
  destination?.kind === 'ring' || destination?.kind === 'unavailable' ? (destination.hops ?? []) : [];
