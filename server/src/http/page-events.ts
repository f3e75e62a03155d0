import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { pageRequest, type TerminalId, type TokenAction } from '@perch/shared';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { Crowd } from '../collections/crowd.ts';
import type { CrowdBounds } from '../collections/crowd.ts';
import { isWithin, paidUntil, type Rate } from '../collections/message-budget.ts';
import { Turns } from '../collections/turns.ts';
import { networkOf } from '../network/address.ts';
import type { Management } from '../management/management.ts';
import type { StoredPerson } from '../management/repositories.ts';
import type { OpenPage } from '../management/ports.ts';
import { Refusal } from '../management/refusal.ts';
import type { Clock } from '../world/clock.ts';
import { every } from '../world/every.ts';
import { sessionOf } from './access/session-cookie.ts';
import { tell, type ToldPage } from './told-page.ts';

/** How long a page may take to show its token (milliseconds). */
const TOKEN_DEADLINE_MS = 5_000;
/** A page from which no pong came for one to two of these is gone (milliseconds). */
const PING_MS = 25_000;
/** How long pages may take to say goodbye when the server stops (milliseconds). */
const GOODBYE_MS = 1_000;

/** Requests of one page: more than a person can cause, and few enough to be answered with whole lists. */
const REQUESTS: Rate = { perSecond: 5, burst: 50 };

/** Open pages of one terminal: as many as the edge allows flows. */
const MOST_PAGES_OF_TERMINAL = 64;

/** The token or session is wrong, missing or withdrawn: the page need not come back. */
const TOKEN_REFUSED = 4401;
/** The extension is suspended: the page may try again later. */
const SUSPENDED = 4403;
/** The page sent what our pages never send, or too much (RFC 6455 §7.4.1). */
const VIOLATION = 1008;
/** The page's rights have changed: Service Restart, in the same registry as the next; it comes back with those of now. */
const RIGHTS_CHANGED = 1012;
/** The terminal has too many pages: Try Again Later, in IANA's registry of WebSocket close codes. */
const TOO_MANY = 1013;

/** Who a page says it is: a browser that is a phone; somebody signed in to management, whose cookie came with the upgrade; or a script, for the maker of its token. */
const firstMessage = z.union([
  z.object({ token: z.string().min(1).max(128), instance: z.optional(z.string().min(1).max(128)) }),
  z.object({ administrator: z.literal(true) }),
  z.object({ apiToken: z.string().min(1).max(128) }),
]);

/** Open pages of one person. */
const MOST_PAGES_OF_PERSON = 64;

/** Whom a page of management is for, and for what only, where a script has it open. */
interface Managing {
  readonly person: StoredPerson;
  readonly actions?: readonly TokenAction[];
}

/** `undefined` where nobody may see anything of management, or no longer. */
type Admit = () => Promise<Managing | undefined>;

/** A page of management: the person's id, the rights with which it was opened, and how it is asked what they may see now. */
interface ManagementPage {
  readonly id: string;
  readonly rights: ReturnType<typeof rightsOf>;
  readonly admit: Admit;
}

/** A connection, and what came with its upgrade. */
interface Visit extends ToldPage {
  /** The session's token, where there is one. */
  readonly session: string | undefined;
  /** The address that it comes from. */
  readonly visitor: string;
}

/** `GET /api/events`: tells open pages about their terminals, and pages of management about what they show. */
export class PageEventSockets {
  readonly #management: Management;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: 4096,
    perMessageDeflate: false,
  });
  readonly #strangers: Crowd<WebSocket>;
  /** The pages of each terminal, with the token that each has shown. */
  readonly #pages = new Map<TerminalId, Map<WebSocket, string>>();
  readonly #managing = new Map<WebSocket, ManagementPage>();
  readonly #silent = new WeakSet<WebSocket>();
  readonly #clock: Clock;
  readonly #cancelPings: () => void;

  constructor(management: Management, bounds: CrowdBounds, clock: Clock) {
    this.#management = management;
    this.#clock = clock;
    this.#cancelPings = every(clock, PING_MS, () => this.#ping());
    this.#strangers = new Crowd(bounds);
    management.sessions.onReview(() => void this.#reviewManaging());
  }

  /** @param visitor the address that it comes from. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, visitor: string): void {
    const session = sessionOf(request);
    this.#server.handleUpgrade(request, socket, head, (page) =>
      this.#opened({ page, socket, session, visitor, longest: 0 }, networkOf(visitor)),
    );
  }

  /** A credential of this terminal was withdrawn: pages whose token is no longer accepted are closed. */
  review(terminal: TerminalId): void {
    for (const [page, token] of this.#pages.get(terminal) ?? []) {
      const browser = this.#management.terminals.authenticate(token);
      if (browser instanceof Refusal) turnAway(page, browser);
    }
  }

  close(): void {
    this.#cancelPings();
    const open = [...this.#all()];
    for (const page of open) page.close(1001, 'The server is stopping');
    this.#clock.after(GOODBYE_MS, () => {
      for (const page of open) page.terminate();
    });
  }

  #opened(visit: Visit, network: string): void {
    const { page } = visit;
    this.#strangers.enter(page, network)?.terminate();
    const cancelDeadline = this.#clock.after(TOKEN_DEADLINE_MS, () =>
      page.close(TOKEN_REFUSED, 'No token came'),
    );
    page.on('error', () => page.terminate());
    page.on('pong', () => this.#silent.delete(page));
    page.once('close', () => {
      cancelDeadline();
      this.#strangers.leave(page);
    });
    page.once('message', (data: Buffer) => {
      cancelDeadline();
      this.#strangers.leave(page);
      this.#admit(visit, parsed(data));
    });
  }

  #admit(visit: Visit, said: unknown): void {
    const { data } = firstMessage.safeParse(said);
    if (data !== undefined && 'administrator' in data) this.#admitPerson(visit, () => this.#signedIn(visit));
    else if (data !== undefined && 'apiToken' in data)
      this.#admitPerson(visit, () => this.#scriptFor(visit, data.apiToken));
    else this.#admitTerminal(visit, data?.token ?? '', data?.instance ?? null);
  }

  /** May somebody with this session see anything of management? */
  async #signedIn({ session = '' }: Visit): Promise<Managing | undefined> {
    const found = await this.#management.sessions.signedIn(session);
    return found === undefined || found.lacksSecondFactor ? undefined : { person: found.person };
  }

  /** A token is good for what it was made for, as far as its maker's rights go now. */
  async #scriptFor({ visitor }: Visit, secret: string): Promise<Managing | undefined> {
    const { apiTokens } = this.#management;
    const found = await apiTokens.find(secret, visitor);
    if (found === undefined || (await apiTokens.isHeldBack(found.token, found.person))) return undefined;
    return { person: found.person, actions: found.token.actions };
  }

  /** What the page asks for waits until it is known who it is for, then and at each request. */
  #admitPerson(visit: Visit, admit: Admit): void {
    const { page } = visit;
    const turns = new Turns();
    let open: OpenPage | undefined;
    void turns.take(async () => {
      open = this.#openManagementPage(visit, await admit(), admit);
    });
    this.#serve(page, {
      request: (request) =>
        void turns.take(async () => {
          await this.#reviewManaging();
          if (page.readyState === WebSocket.OPEN) open?.request(request);
        }),
      close: () => void turns.take(() => open?.close()),
    });
  }

  /** `undefined` where the page is turned away. */
  #openManagementPage(visit: Visit, managing: Managing | undefined, admit: Admit): OpenPage | undefined {
    const { page } = visit;
    if (page.readyState !== WebSocket.OPEN) return undefined;
    if (managing === undefined) {
      page.close(TOKEN_REFUSED, 'Sign in first.');
      return undefined;
    }
    const { id, organization } = managing.person;
    const others = [...this.#managing.values()].filter((other) => other.id === id);
    if (others.length >= MOST_PAGES_OF_PERSON) {
      page.close(TOO_MANY, 'Management is open in too many pages');
      return undefined;
    }
    const rights = rightsOf(managing);
    this.#managing.set(page, { id, rights, admit });
    page.once('close', () => this.#managing.delete(page));
    return this.#management.exchanges
      .of(organization)
      .openManagementPage(rights, (event) => tell(visit, event));
  }

  #admitTerminal(visit: Visit, token: string, instance: string | null): void {
    const { page } = visit;
    const browser = this.#management.terminals.authenticate(token);
    if (browser instanceof Refusal) {
      turnAway(page, browser);
      return;
    }
    const { organization, terminal } = browser;
    const pages = this.#pages.get(terminal) ?? new Map<WebSocket, string>();
    if (pages.size >= MOST_PAGES_OF_TERMINAL) {
      page.close(TOO_MANY, 'This phone is open in too many pages');
      return;
    }
    this.#management.terminals.heard(token);
    page.on('pong', () => this.#management.terminals.heard(token));
    this.#pages.set(terminal, pages.set(page, token));
    const exchange = this.#management.exchanges.of(organization);
    this.#serve(
      page,
      exchange.openPage(terminal, instance, (event) => tell(visit, event)),
    );
    page.once('close', () => {
      pages.delete(page);
      if (pages.size === 0 && this.#pages.get(terminal) === pages) this.#pages.delete(terminal);
    });
  }

  /** Answers the page's requests until it is closed. */
  #serve(page: WebSocket, open: OpenPage): void {
    let paid = 0;
    const isTooMuch = (now: number) => !isWithin(REQUESTS, (paid = paidUntil(REQUESTS, paid, now)), now);
    page.on('message', (said: Buffer) => {
      const request = pageRequest.safeParse(parsed(said));
      if (!request.success) page.close(VIOLATION, 'That is no request');
      else if (isTooMuch(this.#clock.monotonic())) page.close(VIOLATION, 'Too many requests');
      else open.request(request.data);
    });
    page.once('close', () => open.close());
  }

  /** Needed because no one reports that a session or a token has expired; a token also outlives a change of its maker's rights. */
  async #reviewManaging(): Promise<void> {
    for (const [page, { rights, admit }] of [...this.#managing]) {
      const managing = await admit();
      if (managing === undefined) page.close(TOKEN_REFUSED, 'You are signed out.');
      else if (!isDeepStrictEqual(rightsOf(managing), rights))
        page.close(RIGHTS_CHANGED, 'Your rights have changed.');
    }
  }

  #ping(): void {
    void this.#reviewManaging();
    for (const page of this.#all()) {
      if (this.#silent.has(page)) page.terminate();
      this.#silent.add(page);
      page.ping();
    }
  }

  *#all(): Iterable<WebSocket> {
    yield* this.#strangers;
    yield* this.#managing.keys();
    for (const pages of this.#pages.values()) yield* pages.keys();
  }
}

const rightsOf = ({ person: { roles, extension, groups }, actions }: Managing) => ({
  ...{ roles, extension, groups },
  ...(actions && { actions }),
});

function turnAway(page: WebSocket, { code, detail }: Refusal): void {
  page.close(code === 'extension-suspended' ? SUSPENDED : TOKEN_REFUSED, detail);
}

function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined;
  }
}
