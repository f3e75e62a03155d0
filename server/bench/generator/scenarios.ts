import { performance } from 'node:perf_hooks';
import type { Account, Authentication, Outcomes, Target } from '../load.ts';
import { ProcessorTime } from '../processor-time.ts';
import { AnsweringPhone, completeCall } from './call.ts';
import { Phone } from './phone.ts';
import { closedLoop, percentiles } from './rate.ts';
import { Registration } from './registration.ts';

/** How many phones have a REGISTER on its way at once; more only lengthens the server's queue. */
const REGISTERING = 512;
/** How long the calls of the open loop last, in milliseconds. */
const TALK_MS = 400;
const OPEN_WARM_UP_MS = 1_500;
const STORM_LIMIT_MS = 60_000;

interface Registered {
  readonly phone: Phone;
  readonly registration: Registration;
}

/** The phones of this run and the loads that they can generate. */
export class Population {
  #phones: readonly Registered[] = [];
  #processor: ProcessorTime | undefined;

  async connect(target: Target, accounts: readonly Account[]): Promise<Outcomes['connect']> {
    const start = performance.now();
    this.#processor = new ProcessorTime(target.pid);
    this.#phones = accounts.map((account) => {
      const phone = new Phone(account, target);
      return { phone, registration: new Registration(phone) };
    });
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let each = this.#phones[next++]; each !== undefined; each = this.#phones[next++]) {
        await each.phone.connect();
        await each.registration.first();
      }
    };
    await Promise.all(Array.from({ length: 64 }, worker));
    return { seconds: (performance.now() - start) / 1000 };
  }

  disconnect(): null {
    for (const { phone } of this.#phones) phone.cut();
    this.#phones = [];
    return null;
  }

  get #server(): ProcessorTime {
    if (this.#processor === undefined) throw new Error('no phone is connected');
    return this.#processor;
  }

  /** Refreshes registrations without a pause. */
  async register(authentication: Authentication): Promise<Outcomes['register']> {
    const workers = Math.min(REGISTERING, this.#phones.length);
    const turns = new Array<number>(workers).fill(0);
    return closedLoop(this.#server, workers, async (worker) => {
      const turn = turns[worker] ?? 0;
      const mine = Math.floor((this.#phones.length - worker - 1) / workers) + 1;
      turns[worker] = (turn + 1) % mine;
      await this.#phones[worker + turn * workers]?.registration.refresh(authentication);
    });
  }

  /** Complete calls of `concurrent` pairs that call without a pause. */
  async calls(concurrent: number): Promise<Outcomes['calls']> {
    const pairs = this.#pairs().slice(0, concurrent);
    return closedLoop(this.#server, pairs.length, async (worker) => {
      const pair = pairs[worker];
      if (pair !== undefined) await completeCall(pair.caller, pair.callee, pair.dialled);
    });
  }

  /** A given number of complete calls, for a server that has had none yet. */
  async firstCalls(count: number, concurrent: number): Promise<Outcomes['first-calls']> {
    const before = this.#server.read();
    let placed = 0;
    await Promise.all(
      this.#pairs()
        .slice(0, concurrent)
        .map(async ({ caller, callee, dialled }) => {
          while (placed++ < count) await completeCall(caller, callee, dialled);
        }),
    );
    return { cpuMicroseconds: ((await this.#server.readAtRest()) - before) / count };
  }

  /**
   * Calls at a fixed rate, however the server copes (an open loop). A call that finds every phone busy, because the
   * server has fallen behind, counts as never established.
   */
  async setup(rate: number, seconds: number): Promise<Outcomes['setup']> {
    const free = this.#pairs();
    const calleeAck: number[] = [];
    const callerAnswer: number[] = [];
    const before = this.#server.read();
    const start = performance.now();
    const place = async (): Promise<void> => {
      const pair = free.shift();
      let [ack, answer] = [Infinity, Infinity];
      if (pair !== undefined) {
        const { callerAnsweredAt } = await completeCall(pair.caller, pair.callee, pair.dialled, TALK_MS);
        ack = pair.callee.acknowledgedAt - pair.callee.answeredAt;
        answer = callerAnsweredAt - pair.callee.answeredAt;
        free.push(pair);
      }
      if (performance.now() - start < OPEN_WARM_UP_MS) return;
      calleeAck.push(ack);
      callerAnswer.push(answer);
    };
    const calls: Promise<unknown>[] = [];
    while (performance.now() - start < seconds * 1000) {
      const due = Math.floor(((performance.now() - start) / 1000) * rate);
      while (calls.length < due) calls.push(place().catch((error: unknown) => error));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const failure = (await Promise.all(calls)).find((outcome) => outcome !== undefined);
    if (failure !== undefined) throw failure as Error;
    return {
      calls: calls.length,
      cpuMicroseconds: ((await this.#server.readAtRest()) - before) / calls.length,
      calleeAck: percentiles(calleeAck),
      callerAnswer: percentiles(callerAnswer),
      up: percentiles(calleeAck.map((ack, index) => Math.max(ack, callerAnswer[index] ?? Infinity))),
    };
  }

  /**
   * Every phone loses its socket at the same moment and comes back at once: connects, is challenged, registers. A phone
   * that is turned away counts as refused and tries again a second later.
   */
  async storm(): Promise<Outcomes['storm']> {
    const before = this.#server.read();
    for (const { phone } of this.#phones) phone.cut();
    const start = performance.now();
    let refused = 0;
    const comeBack = async ({ phone, registration }: Registered): Promise<void> => {
      while (performance.now() - start < STORM_LIMIT_MS) {
        try {
          await phone.connect();
          await registration.first();
          return;
        } catch {
          refused++;
          phone.cut();
          await new Promise((resolve) => setTimeout(resolve, 1_000));
        }
      }
      throw new Error('a phone did not come back in a minute');
    };
    await Promise.all(this.#phones.map(comeBack));
    const seconds = (performance.now() - start) / 1000;
    const phones = this.#phones.length;
    const cpuMicroseconds = ((await this.#server.readAtRest()) - before) / phones;
    return { phones, seconds, refused, cpuMicroseconds };
  }

  #pairs(): { readonly caller: Phone; readonly callee: AnsweringPhone; readonly dialled: string }[] {
    const pairs = [];
    for (let index = 0; index + 1 < this.#phones.length; index += 2) {
      const caller = this.#phones[index]?.phone;
      const callee = this.#phones[index + 1]?.phone;
      if (caller === undefined || callee === undefined) break;
      pairs.push({ caller, callee: new AnsweringPhone(callee), dialled: callee.account.user });
    }
    return pairs;
  }
}
