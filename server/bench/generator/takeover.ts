import { performance } from 'node:perf_hooks';
import { digitsFor } from '@perch/shared';
import type { Agent, Outcomes, Station, Takeovers, Target } from '../load.ts';
import { ProcessorTime } from '../processor-time.ts';
import { OutgoingCall } from './call.ts';
import { Phone } from './phone.ts';
import { closedLoop, percentiles } from './rate.ts';
import { Registration } from './registration.ts';
import { WebSocketClient } from './web-socket-client.ts';

/** How many takeovers are made one after the other, and how many before them that are not counted. */
const ONE_BY_ONE = 100;
const WARM_UP = 20;

/** A station's phone, and its page as far as it is told who is on it. */
class Desk {
  readonly #phone: Phone;
  readonly #agents: readonly Agent[];
  #turn = 0;
  /** Has the Center said its last word and hung up? On a slow machine it does so before this end does. */
  #hasEnded = false;
  #awaited: { readonly number: string; readonly seen: () => void } | undefined;

  private constructor(phone: Phone, agents: readonly Agent[]) {
    this.#phone = phone;
    this.#agents = agents;
  }

  static async open(target: Target, station: Station, agents: readonly Agent[]): Promise<Desk> {
    const phone = new Phone(station.account, target);
    await phone.connect();
    await new Registration(phone).first();
    const desk = new Desk(phone, agents);
    const { answer } = phone;
    phone.answer = (request, method) => {
      if (method === 'BYE') desk.#hasEnded = true;
      return answer(request, method);
    };
    await new Promise<void>((resolve, reject) => {
      const page = new WebSocketClient(
        { ...target, path: '/api/events' },
        {
          opened: () => page.send(JSON.stringify({ token: station.token })),
          message: (text) => {
            resolve();
            desk.#told(text);
          },
          closed: (reason) => reject(new Error(`events: ${reason}`)),
        },
      );
    });
    return desk;
  }

  /**
   * The next agent dials the takeover and the code as a person would, without pauses between the keys. Resolves with the
   * milliseconds from the last digit leaving to the page being told that the station speaks for the agent.
   */
  async takeOver(): Promise<number> {
    const agent = this.#agents[this.#turn++ % this.#agents.length];
    if (agent === undefined) throw new Error('a station without agents');
    const call = new OutgoingCall(this.#phone, digitsFor({ name: 'center', number: agent.number }));
    this.#hasEnded = false;
    await call.invite();
    call.acknowledge();
    for (const digit of agent.secretCode) await call.info(digit);
    const spoken = new Promise<number>((resolve) => {
      this.#awaited = { number: agent.number, seen: () => resolve(performance.now()) };
    });
    const start = performance.now();
    await call.info('#');
    const end = await spoken;
    await call.hangUp(() => this.#hasEnded);
    return end - start;
  }

  #told(text: string): void {
    const event = JSON.parse(text) as { kind: string; view?: { occupancy: { guest?: { number: string } } } };
    if (event.kind !== 'terminal' || event.view?.occupancy.guest?.number !== this.#awaited?.number) return;
    this.#awaited?.seen();
    this.#awaited = undefined;
  }
}

/** Times takeovers and counts their cost one at a time, then counts how many all stations together make in a second. */
export async function takeOver({ target, stations, agents }: Takeovers): Promise<Outcomes['takeovers']> {
  const desks = await Promise.all(
    stations.map((station, index) => Desk.open(target, station, agents.slice(2 * index, 2 * index + 2))),
  );
  const processor = new ProcessorTime(target.pid);
  const oneByOne = async (count: number): Promise<readonly number[]> => {
    const ms: number[] = [];
    for (let each = 0; each < count; each++) ms.push((await desks[each % desks.length]?.takeOver()) ?? 0);
    return ms;
  };
  await oneByOne(WARM_UP);
  const before = await processor.readAtRest();
  const ms = await oneByOne(ONE_BY_ONE);
  const cpuMicroseconds = ((await processor.readAtRest()) - before) / ONE_BY_ONE;
  const { perSecond } = await closedLoop(processor, desks.length, async (worker) =>
    desks[worker]?.takeOver(),
  );
  return { perSecond, cpuMicroseconds, ms: percentiles(ms) };
}
