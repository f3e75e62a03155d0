import type { CallId, CallView, TerminalId } from '@perch/shared';
import type { MediaBridge, MediaEngine } from '../../../media/endpoint.ts';
import type { Call } from '../call.ts';
import { isPerson, type Party, type ServiceParty, shownToOthers } from '../ports.ts';
import { ServiceEnd } from '../services/service-end.ts';

/** What the others are shown, and what records say was dialled. */
const CONFERENCE: ServiceParty = { extension: null, terminal: null, number: 'conference', name: '' };

/** Normal call clearing (ITU-T Q.850). */
const ALONE = { protocol: 'Q.850', cause: 16 } as const;

interface Member {
  readonly call: Call;
  readonly end: ServiceEnd;
}

/** Who is in it, as pages are told. */
interface Participant {
  readonly call: CallId;
  readonly party: Party;
  readonly reconnecting: boolean;
}

/** Several calls whose other end is the same bridge: each hears all others. It is over when one is left. */
export class Conference {
  readonly #engine: Pick<MediaEngine, 'endpoint'>;
  readonly #bridge: MediaBridge;
  readonly #changed: (terminal: TerminalId) => void;
  readonly #over: (call: CallId) => void;
  readonly #members = new Map<CallId, Member>();
  #roster: readonly Participant[] = [];
  readonly party: ServiceParty;
  readonly #isRestored: boolean;

  /** `room` is what it is known by after a restart; `isRestored`: it is after one, and a person who is back alone has nobody to wait for. `changed`: pages of that terminal see another list. `left`: that call is no longer in it. */
  constructor(
    engine: Pick<MediaEngine, 'endpoint' | 'bridge'>,
    { room, isRestored }: { readonly room: string; readonly isRestored: boolean },
    changed: (terminal: TerminalId) => void,
    left: (call: CallId) => void,
  ) {
    this.party = { ...CONFERENCE, room };
    this.#isRestored = isRestored;
    this.#engine = engine;
    this.#bridge = engine.bridge();
    this.#changed = changed;
    this.#over = left;
  }

  get size(): number {
    return this.#members.size;
  }

  /** This end of a call that joins. Its sound is heard by the others once its phone has agreed. */
  join(call: Call, legId: string): ServiceEnd {
    // A participant who holds, or is re-seated, comes back without a sign.
    let isHeard = false;
    const end = new ServiceEnd(legId, {
      endpoint: () => this.#engine.endpoint(),
      attach: (endpoint) => {
        const leave = this.#bridge.join(endpoint);
        if (!isHeard) this.#bridge.chime('joined');
        isHeard = true;
        return leave;
      },
      left: () => {
        this.#left(call.id);
      },
    });
    this.#members.set(call.id, { call, end });
    return end;
  }

  /** The others, as the pages of that call show them. */
  seenFrom(call: CallId): CallView['conference'] {
    const others = this.#roster.filter((participant) => participant.call !== call);
    return {
      participants: others.map(({ party, reconnecting }) => ({ ...shownToOthers(party), reconnecting })),
    };
  }

  /** A call of it has changed: another party, or a line that is lost or back. */
  update(): void {
    const before = this.#roster;
    this.#roster = [...this.#members.values()].flatMap(({ call }) => participantIn(call));
    const isSame =
      before.length === this.#roster.length && before.every((each, at) => isAlike(each, this.#roster[at]));
    if (isSame) return;
    for (const { party } of this.#roster) this.#changed(party.terminal);
    const [one, ...others] = this.#members.values();
    if (this.#isRestored && others.length === 0 && one?.call.away === null) one.end.leave(ALONE);
  }

  #left(call: CallId): void {
    if (!this.#members.delete(call)) return;
    this.#bridge.chime('left');
    this.#over(call);
    const [last, ...others] = this.#members.values();
    if (last === undefined) this.#bridge.close();
    else if (others.length === 0) last.end.leave(ALONE);
    else this.update();
  }
}

/** Nobody while it is still between two persons: one of them will join, and the other one is in it by another call. */
function participantIn(call: Call): Participant[] {
  const { caller, callee, away } = call;
  if (isPerson(caller) && isPerson(callee)) return [];
  const [party, side] = isPerson(caller) ? ([caller, 'caller'] as const) : ([callee, 'callee'] as const);
  if (!isPerson(party)) return [];
  return [{ call: call.id, party, reconnecting: away === side || away === 'both' }];
}

const isAlike = (one: Participant, other: Participant | undefined): boolean =>
  one.call === other?.call && one.party === other.party && one.reconnecting === other.reconnecting;
