import { WebSocket } from 'ws';

interface Event {
  readonly kind: string;
  /** The call that a Center or voicemail event is about. */
  readonly call?: string;
  readonly calls?: readonly {
    readonly id: string;
    readonly state: string;
    readonly conference: { readonly participants: readonly { readonly number: string }[] } | null;
  }[];
  readonly topic?: string;
  readonly epoch?: string;
  readonly sequence?: number;
  readonly lines?: readonly {
    readonly number: string;
    readonly state?: string;
    readonly name: string;
    readonly missed?: number;
    readonly latest?: string | null;
    readonly favourites?: readonly string[];
  }[];
  readonly event?: { readonly kind: string; readonly outcome?: string; readonly tries?: number };
  readonly view?: {
    readonly language: string | null;
    readonly doNotDisturb: boolean;
    readonly forwards: { readonly always: string | null };
    readonly pinLockedUntil: number | null;
    readonly kiosk: boolean;
    readonly occupancy: { readonly kind: string; readonly guest?: { readonly number: string } };
  };
}

/** An enrolled page as far as it listens: the events that the server tells it (`GET /api/events`). */
export class PageClient {
  readonly events: Event[] = [];
  /** Everything that it has been told, as received. */
  readonly told: string[] = [];
  /** The code with which the server closes it. */
  readonly closed: Promise<number>;
  /** Of its browser; none of a management page. */
  readonly token: string;
  readonly #socket: WebSocket;
  readonly #origin: string;
  #waiting: (() => void)[] = [];

  private constructor(socket: WebSocket, origin: string, token = '') {
    this.#socket = socket;
    this.#origin = origin;
    this.token = token;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data: Buffer) => {
      this.told.push(data.toString());
      this.events.push(JSON.parse(data.toString()) as Event);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    socket.on('error', () => undefined);
  }

  /** Redeems an enrolment link and subscribes. */
  static async open(link: string): Promise<PageClient> {
    const { origin, hash } = new URL(link);
    const response = await fetch(`${origin}/api/enrolments/redeem`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: hash.slice(1) }),
    });
    if (!response.ok) throw new Error(`the link was not redeemed: ${await response.text()}`);
    const { token } = (await response.json()) as { token: string };
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/events`);
    const page = new PageClient(socket, origin, token);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.send(JSON.stringify({ token }));
    await page.next('the terminal', ({ kind }) => kind === 'terminal');
    return page;
  }

  /** A page of management, by the cookie of its session. */
  static async manage(url: string, cookie: string): Promise<PageClient> {
    const page = await PageClient.anyone(url, { cookie });
    page.say({ administrator: true });
    return page;
  }

  /** A page that has not said yet whose it is. */
  static async anyone(url: string, headers: Readonly<Record<string, string>> = {}): Promise<PageClient> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/events`, { headers });
    const page = new PageClient(socket, url);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return page;
  }

  /** Takes the next event that `wants` it, received already or later, and drops those before it. Throws after 10 s. */
  async next(what: string, wants: (event: Event) => boolean): Promise<Event> {
    const limit = Date.now() + 10_000;
    for (;;) {
      const at = this.events.findIndex(wants);
      const found = this.events[at];
      if (found !== undefined) {
        this.events.splice(0, at + 1);
        return found;
      }
      if (Date.now() >= limit)
        throw new Error(`the page was never told ${what}: ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, limit - Date.now()).unref();
      });
    }
  }

  /** How the visit to the Center ended. */
  async outcome(): Promise<string> {
    const { event } = await this.next(
      'an outcome',
      (each) => each.kind === 'center' && each.event?.kind === 'outcome',
    );
    return event?.outcome ?? '';
  }

  /** Asks the API as this page does. @returns the status of the answer, and its body. */
  async ask(request: string, body?: object): Promise<{ readonly status: number; readonly json: unknown }> {
    const [method, path] = request.split(' ') as [string, string];
    const response = await fetch(this.#origin + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
  }

  say(request: object): void {
    this.#socket.send(JSON.stringify(request));
  }

  close(): void {
    this.#socket.close();
  }
}
