import type { Clock } from '../../world/clock.ts';

interface Pinged {
  readonly id: number;
  ping(): void;
}

/** Everything that is pinged once in an interval, spread evenly over it: one timer for all, and no turn that pings thousands. */
export interface PingWheel<Member extends Pinged> extends Iterable<Member> {
  readonly size: number;
  add(member: Member): void;
  delete(member: Member): void;
  stop(): void;
}

const SLOTS = 50;

export function createPingWheel<Member extends Pinged>(clock: Clock, intervalMs: number): PingWheel<Member> {
  const slots = Array.from({ length: SLOTS }, () => new Set<Member>());
  const slotOf = (member: Member) => slots[member.id % SLOTS];
  let size = 0;
  let turn = 0;
  let cancel = clock.after(intervalMs / SLOTS, advance);

  function advance(): void {
    cancel = clock.after(intervalMs / SLOTS, advance);
    turn = (turn + 1) % SLOTS;
    for (const member of slots[turn] ?? []) member.ping();
  }

  return {
    get size() {
      return size;
    },
    add(member) {
      slotOf(member)?.add(member);
      size += 1;
    },
    delete(member) {
      if (slotOf(member)?.delete(member)) size -= 1;
    },
    stop: () => {
      cancel();
    },
    *[Symbol.iterator]() {
      for (const slot of slots) yield* slot;
    },
  };
}
