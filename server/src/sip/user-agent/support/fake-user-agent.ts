import type { Flow } from '../../transport/flow.ts';
import { FakeLeg } from './fake-leg.ts';
import type { DialogSnapshot, Invitation, Target } from '../leg.ts';
import type { Farewell } from '../farewells.ts';
import type { UserAgent } from '../user-agent.ts';

/** A user agent whose outbound legs are fake ones, kept in `invited` and `restored` in the order they were made. */
export class FakeUserAgent implements UserAgent {
  readonly invited: FakeLeg[] = [];
  readonly restored: FakeLeg[] = [];
  readonly #first: number;

  /** `first`: the number of its first outbound leg. */
  constructor(first = 1) {
    this.#first = first;
  }

  /** The number of its next outbound leg. */
  get next(): number {
    return this.invited.length + this.#first;
  }

  receive(): void {
    // Messages mean nothing here: a test makes the legs themselves speak.
  }

  flowClosed(): void {
    // The legs of a flow are ended, or rebound, by the test.
  }

  /** BYEs of before a restart, and over which flow. */
  readonly left: { readonly flow: Flow; readonly farewell: Farewell }[] = [];
  /** Flows in whose places others have come. */
  readonly replaced: (readonly [Flow, Flow])[] = [];

  flowReplaced(flow: Flow, by: Flow): void {
    this.replaced.push([flow, by]);
  }

  leave(flow: Flow, farewell: Farewell): void {
    this.left.push({ flow, farewell });
  }

  flowBarred(): void {
    // There are no subscriptions here.
  }

  carriesLeg(flow: Flow): boolean {
    return [...this.legs()].some(({ target }) => target.flow === flow);
  }

  invite(invitation: Invitation): FakeLeg {
    const { target, sdp } = invitation;
    const id = `outbound-${String(this.next)}`;
    const leg = new FakeLeg({ id, target, sdp, invitation, direction: 'outbound' });
    this.invited.push(leg);
    return leg;
  }

  restore(snapshot: DialogSnapshot, target: Target): FakeLeg {
    // As it was called before: the tag is made of that.
    const leg = new FakeLeg({ id: snapshot.localTag.replace(/^local-/, ''), target, snapshot });
    this.restored.push(leg);
    return leg;
  }

  subscribe(): undefined {
    // There are no subscriptions here: tests of them use the real user agent.
  }

  send(): void {
    // Requests outside of dialogs are not answered either.
  }

  callIds(): ReadonlySet<string> {
    return new Set([...this.legs()].flatMap((leg) => leg.snapshot()?.callId ?? []));
  }

  *legs(): Iterable<FakeLeg> {
    for (const leg of [...this.invited, ...this.restored]) if (leg.state !== 'over') yield leg;
  }
}
