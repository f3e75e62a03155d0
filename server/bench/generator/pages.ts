import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Outcomes, PageChanges, PagesTold, Target } from '../load.ts';
import { ProcessorTime } from '../processor-time.ts';
import { Phone } from './phone.ts';
import { Registration } from './registration.ts';
import { WebSocketClient } from './web-socket-client.ts';

/** How many pages connect at a time. */
const CONNECTING = 50;
/** Longer than the server waits to send changes together. */
const QUIET_MS = 500;
const LONGEST_MS = 60_000;

/** An open page that shows its colleagues: the part that listens. */
class Page {
  readonly #told: (octets: number) => void;

  private constructor(told: (octets: number) => void) {
    this.#told = told;
  }

  /** Resolves once the page has the list. */
  static open(target: Target, token: string, told: (octets: number) => void): Promise<Page> {
    const page = new Page(told);
    return new Promise((resolve, reject) => {
      const socket = new WebSocketClient(
        { ...target, path: '/api/events' },
        {
          opened: () => {
            socket.send(JSON.stringify({ token }));
            socket.send(JSON.stringify({ subscribe: 'colleagues' }));
          },
          message: (text) => {
            if (!/^\{"kind":"(?:snapshot|delta|colleagues)"/.test(text)) return;
            resolve(page);
            page.#told(text.length);
          },
          closed: (reason) => reject(new Error(`page: ${reason}`)),
        },
      );
    });
  }
}

/**
 * One phone comes and goes while more and more pages show it. The server's cost of a change is counted until the last page
 * has been told.
 */
export async function changePages(order: PageChanges): Promise<Outcomes['pages']> {
  const { target, account, tokens, shown, changes } = order;
  const processor = new ProcessorTime(target.pid);
  const phone = new Phone(account, target);
  let told = 0;
  let octets = 0;
  let lastAt = 0;
  const onTold = (length: number): void => {
    told++;
    octets += length;
    lastAt = performance.now();
  };

  const change = async (isThere: boolean, pages: number): Promise<PagesTold> => {
    await pause(QUIET_MS);
    told = octets = 0;
    const [cpu, start] = [processor.read(), performance.now()];
    if (isThere) {
      await phone.connect();
      await new Registration(phone).first();
    } else phone.cut();
    while (told < pages) {
      if (performance.now() - start > LONGEST_MS)
        throw new Error(`${String(told)} of ${String(pages)} pages were told of a change`);
      await pause(5);
    }
    return { pages, cpuMicroseconds: processor.read() - cpu, octets, seconds: (lastAt - start) / 1000 };
  };

  const seen: PagesTold[] = [];
  let open = 0;
  for (const pages of shown) {
    while (open < pages) {
      const batch = tokens.slice(open, Math.min(open + CONNECTING, pages));
      await Promise.all(batch.map((token) => Page.open(target, token, onTold)));
      open += batch.length;
    }
    for (let count = 0; count < changes; count++) seen.push(await change(count % 2 === 0, pages));
  }
  return seen;
}
