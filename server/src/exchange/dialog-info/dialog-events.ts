import type { CallView, ExtensionId, TerminalId } from '@perch/shared';
import { MultiMap } from '../../collections/multi-map.ts';
import { parseUri } from '../../sip/message/fields/uri.ts';
import type { OutgoingResponse, ServerTransaction } from '../../sip/transaction/transaction-layer.ts';
import { subscribeRequestOf } from '../../sip/user-agent/subscriptions/subscribe-request.ts';
import type { EventSource, Subscription } from '../../sip/user-agent/subscriptions/subscription.ts';
import type { UserAgent } from '../../sip/user-agent/user-agent.ts';
import type { Whereabouts } from '../call/ports.ts';
import { targetOf } from '../numbering/numbering.ts';
import type { Directory, Extension } from '../ports.ts';
import type { Account } from '../registrar/registrar.ts';
import { DIALOG, type Dialog, dialogInfo, dialogsIn, type NamedDialog } from './dialog-info.ts';

interface DialogEventsPorts {
  readonly directory: Directory;
  readonly where: Pick<Whereabouts, 'terminalOf' | 'speaksFor'>;
  readonly calls: { views(terminal: TerminalId): readonly CallView[] };
  readonly userAgent: Pick<UserAgent, 'subscribe'>;
}

/** Subscriptions of one terminal: its phones may each have keys with lamps for many colleagues. */
const MOST_SUBSCRIPTIONS = 100;

/**
 * The calls of extensions as other phones may see them (RFC 4235). Everyone at a phone through which a person speaks may see whether a colleague
 * is in a call, as on the pages, and nobody but that colleague with whom. Who may see what is asked anew whenever a phone is told.
 */
export class DialogEvents {
  readonly #ports: DialogEventsPorts;
  readonly #watchers = new MultiMap<ExtensionId, Watcher>();
  readonly #byTerminal = new MultiMap<TerminalId, Watcher>();
  /** The domain in the form in which hosts are compared. */
  readonly #host: string;

  constructor(ports: DialogEventsPorts) {
    this.#ports = ports;
    this.#host = ports.directory.organization.domain.toLowerCase();
  }

  /** Answers a SUBSCRIBE outside of any subscription, that came over a flow of that account. */
  subscribed(transaction: ServerTransaction, { terminal }: Account): void {
    const { request } = transaction;
    const asked = subscribeRequestOf(request, DIALOG);
    if (asked.kind === 'refused') {
      transaction.respond(asked.response);
      return;
    }
    const watched = this.#watchedBy(terminal, request.uri);
    if ('status' in watched) {
      transaction.respond(watched);
      return;
    }
    const { id, number } = watched;
    const watcher = new Watcher(
      { extension: id, terminal, entity: `sip:${number}@${this.#host}` },
      () => this.#dialogsOf(id, terminal),
      () => {
        this.#watchers.delete(id, watcher);
        this.#byTerminal.delete(terminal, watcher);
      },
    );
    watcher.subscription = this.#ports.userAgent.subscribe(transaction, asked, watcher);
    if (watcher.subscription === undefined) return;
    this.#watchers.add(id, watcher);
    this.#byTerminal.add(terminal, watcher);
  }

  /** The calls of that extension may be different, or where it is. Harmless where nothing is. */
  changed(extension: ExtensionId): void {
    for (const watcher of [...this.#watchers.of(extension)]) watcher.look();
  }

  /** The calls that are seen at that terminal may be different (hot path: several times in each call, most of which nobody watches). */
  callsChanged(terminal: TerminalId): void {
    if (this.#watchers.size === 0) return;
    const { directory, where } = this.#ports;
    const [owner, speaker] = [directory.ownerOf(terminal), where.speaksFor(terminal)];
    if (owner !== undefined) this.changed(owner);
    if (speaker !== undefined && speaker !== owner) this.changed(speaker);
  }

  /** Another extension speaks through that terminal, or none: what its phones may see is different. */
  speakerChanged(terminal: TerminalId): void {
    for (const watcher of [...this.#byTerminal.of(terminal)]) watcher.look();
  }

  /** Whom a terminal may watch at that address; another organization's address is none here (RFC 3261 §21.4.5). */
  #watchedBy(terminal: TerminalId, uri: string): Extension | OutgoingResponse {
    const { directory, where } = this.#ports;
    const speaker = where.speaksFor(terminal);
    if (speaker === undefined || directory.byId(speaker)?.kind !== 'person') return { status: 403 };
    if (this.#byTerminal.of(terminal).length >= MOST_SUBSCRIPTIONS)
      return { status: 503, fields: [['Retry-After', '60']] };
    const address = parseUri(uri);
    if (address?.user === undefined || address.host !== this.#host) return { status: 404 };
    const target = targetOf(address.user, [], undefined);
    const extension = target.kind === 'extension' ? directory.byNumber(target.number) : undefined;
    return extension ?? { status: 404 };
  }

  /** None for a phone through which nobody speaks any more, as at a desk that a guest has left. */
  #dialogsOf(extension: ExtensionId, watchedFrom: TerminalId): ReadonlyMap<string, Dialog> {
    const { directory, where, calls } = this.#ports;
    const speaker = where.speaksFor(watchedFrom);
    const watched = directory.byId(extension);
    const terminal = where.terminalOf(extension);
    const mayWatch = speaker !== undefined && directory.byId(speaker)?.kind === 'person';
    if (!mayWatch || watched === undefined || terminal === undefined) return NO_DIALOGS;
    return dialogsIn(calls.views(terminal), watched.number, speaker === extension);
  }
}

const NO_DIALOGS: ReadonlyMap<string, Dialog> = new Map();

interface Watched {
  readonly extension: ExtensionId;
  readonly terminal: TerminalId;
  readonly entity: string;
}

/** One subscription to an extension's calls: first all of them, then what is different. */
class Watcher implements EventSource {
  subscription: Subscription | undefined;
  readonly ended: () => void;
  readonly #watched: Watched;
  readonly #dialogs: () => ReadonlyMap<string, Dialog>;
  /** By the ids of calls; `undefined` where all are to be told. */
  #told: ReadonlyMap<string, Dialog> | undefined;
  /** Under which the subscriber knows a call: the call's own id is nobody else's business. */
  #names = new Map<string, string>();
  #named = 0;
  #version = -1;

  constructor(watched: Watched, dialogs: () => ReadonlyMap<string, Dialog>, ended: () => void) {
    this.#watched = watched;
    this.#dialogs = dialogs;
    this.ended = ended;
  }

  /** Tells the subscriber where something is different from what it was told. */
  look(): void {
    if (this.#told === undefined || differences(this.#told, this.#dialogs()).length > 0)
      this.subscription?.changed();
  }

  /** A subscriber that asks anew is told everything (RFC 4235 §3.4). */
  renewed(): void {
    this.#told = undefined;
  }

  state(): string {
    const { entity } = this.#watched;
    const now = this.#dialogs();
    const told = this.#told;
    const changes = told === undefined ? [...now] : differences(told, now);
    const named = changes.map(([call, dialog]): NamedDialog => [this.#nameOf(call), dialog]);
    for (const call of this.#names.keys()) if (!now.has(call)) this.#names.delete(call);
    this.#told = now;
    this.#version += 1;
    return dialogInfo(entity, this.#version, told === undefined ? 'full' : 'partial', named);
  }

  #nameOf(call: string): string {
    const known = this.#names.get(call);
    if (known !== undefined) return known;
    const name = `d${String(++this.#named)}`;
    this.#names.set(call, name);
    return name;
  }
}

/** What is new, what is as it was not before, and what is over (`null`). PURE. */
function differences(before: ReadonlyMap<string, Dialog>, now: ReadonlyMap<string, Dialog>): NamedDialog[] {
  const over = [...before.keys()].filter((call) => !now.has(call)).map((call): NamedDialog => [call, null]);
  return [...over, ...[...now].filter(([call, dialog]) => !isSame(before.get(call), dialog))];
}

const isSame = (one: Dialog | undefined, other: Dialog): boolean =>
  one?.state === other.state &&
  one.direction === other.direction &&
  one.remote?.number === other.remote?.number &&
  one.remote?.name === other.remote?.name;
