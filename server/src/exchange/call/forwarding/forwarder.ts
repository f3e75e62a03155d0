import type { TerminalId } from '@perch/shared';
import type { Call } from '../call.ts';
import type { CallLimits } from '../admission/call-limits.ts';
import type { Forwarded } from '../machines/call-state.ts';
import type { RingingPhones } from '../machines/visible.ts';
import { attemptsOfHops } from '../records/descriptions.ts';
import type { Destination, World } from '../ringing/destination.ts';
import { onwardOf, reachOn } from './forwarding.ts';
import type { Sought } from './unanswered.ts';
import type { Ringer } from '../ringing/ringer.ts';
import { ringHelpCaller } from '../ringing/routing.ts';

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
  goOn(call: Call, sought: Sought): Forwarded {
    // Once somebody has answered it, it is sent on like any other.
    if (call.callsBack !== null && call.state.kind === 'ringing')
      return this.#backTo(call.callsBack, call, sought);
    const { party, from, by, failure } = sought;
    const { world, ringer } = this.#ports;
    const last = world.directory.byId(party.extension);
    const passed = call.unanswered.hops.map(({ extension }) => extension.id);
    const destination = last && reachOn(last, failure, passed, from.terminal ?? undefined, world);
    const hops = hopsOf(destination);
    const [first] = hops;
    if (destination === undefined || first === undefined) return { ...NOWHERE, to: failure };
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

  /** Help that calls back was not answered where it rang: the terminal from which it was called rings, whatever else goes on there. */
  #backTo(terminal: TerminalId, call: Call, { party: missed, from, by, failure }: Sought): Forwarded {
    const { world, ringer } = this.#ports;
    const back = from.terminal === null ? undefined : ringHelpCaller(terminal, from.terminal, world);
    if (back === undefined) return { ...NOWHERE, to: failure };
    const extension = world.directory.byId(missed.extension);
    if (extension !== undefined) call.unanswered.divertedBy([{ extension, result: failure, to: null }]);
    const party = back.callee;
    const branches = ringer.ring(call, back.phones, { party, from, by });
    return { ...NOWHERE, to: { party, branches, onward: undefined } };
  }

  #isFull(by: RingingPhones['by'], callee: RingingPhones['party']): boolean {
    const { limits } = this.#ports;
    return limits.isBusy(callee.terminal) || (by.terminal !== null && limits.isInsistent(by, callee));
  }
}

/** No extension has sent the call on. */
const NOWHERE = { kind: 'forwarded', number: null, hops: [] } as const;

const hopsOf = (destination: Destination | undefined) =>
  destination?.kind === 'ring' || destination?.kind === 'unavailable' ? (destination.hops ?? []) : [];
