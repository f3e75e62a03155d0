import type { Browser, CDPSession } from '@playwright/test';

/** What is asked here of a heap snapshot: nodes and edges are lists of numbers, so many for each (Chrome DevTools' format). */
interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
      readonly edge_fields: readonly string[];
    };
  };
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  readonly strings: readonly string[];
}

/** A message of the DevTools protocol, from a target. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly chunk?: string };
  readonly error?: { readonly message: string };
}

/** The memory of the service worker of an origin. Playwright has no session for one: what is said to it goes through that of the browser. */
export class WorkerHeap {
  readonly #browser: CDPSession;
  readonly #sessionId: string;
  #sent = 0;

  private constructor(browser: CDPSession, sessionId: string) {
    this.#browser = browser;
    this.#sessionId = sessionId;
  }

  static async of(browser: Browser, origin: string): Promise<WorkerHeap> {
    const session = await browser.newBrowserCDPSession();
    const { targetInfos } = await session.send('Target.getTargets');
    const target = targetInfos.find(({ type, url }) => type === 'service_worker' && url.startsWith(origin));
    if (target === undefined) throw new Error(`no service worker of ${origin} runs`);
    const { sessionId } = await session.send('Target.attachToTarget', { targetId: target.targetId });
    return new WorkerHeap(session, sessionId);
  }

  /** Which strings with that in them are held, once all is collected that can be: each once, and the first 200 characters of it. */
  async strings(pattern: RegExp): Promise<readonly string[]> {
    let text = '';
    const stop = this.#hear(({ method, params }) => {
      if (method === 'HeapProfiler.addHeapSnapshotChunk') text += params?.chunk ?? '';
    });
    await this.#send('HeapProfiler.collectGarbage');
    await this.#send('HeapProfiler.takeHeapSnapshot');
    stop();
    const found = [...stringsIn(JSON.parse(text) as Snapshot)].filter((each) => pattern.test(each));
    return found.map((each) => each.slice(0, 200));
  }

  #hear(take: (message: Message) => void): () => void {
    const hear = ({ sessionId, message }: { readonly sessionId: string; readonly message: string }): void => {
      if (sessionId === this.#sessionId) take(JSON.parse(message) as Message);
    };
    this.#browser.on('Target.receivedMessageFromTarget', hear);
    return () => void this.#browser.off('Target.receivedMessageFromTarget', hear);
  }

  async #send(method: string): Promise<void> {
    const id = ++this.#sent;
    const answered = new Promise<void>((resolve, reject) => {
      const stop = this.#hear((message) => {
        if (message.id !== id) return;
        stop();
        if (message.error === undefined) resolve();
        else reject(new Error(`${method}: ${message.error.message}`));
      });
    });
    const message = JSON.stringify({ id, method });
    await this.#browser.send('Target.sendMessageToTarget', { sessionId: this.#sessionId, message });
    await answered;
  }
}

/** Those that something other than a number holds: a snapshot writes numbers as strings. */
function stringsIn({ snapshot: { meta }, nodes, edges, strings }: Snapshot): Set<string> {
  const [type, name, edgeCount] = ['type', 'name', 'edge_count'].map((field) =>
    meta.node_fields.indexOf(field),
  ) as [number, number, number];
  const to = meta.edge_fields.indexOf('to_node');
  const kindAt = (node: number): string => meta.node_types[0][nodes[node + type] ?? -1] ?? '';
  const held = new Set<string>();
  let edge = 0;
  for (let node = 0; node < nodes.length; node += meta.node_fields.length) {
    const isNumber = kindAt(node).includes('number');
    for (let count = nodes[node + edgeCount] ?? 0; count > 0; count--, edge += meta.edge_fields.length) {
      const holds = edges[edge + to] ?? 0;
      if (!isNumber && kindAt(holds).includes('string')) held.add(strings[nodes[holds + name] ?? -1] ?? '');
    }
  }
  return held;
}
