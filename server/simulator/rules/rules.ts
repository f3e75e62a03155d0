import type { ExtensionId, OrganizationId, PageEvent, TerminalView } from '@perch/shared';
import { faultsInRecord } from '../../src/exchange/call/support/record-faults.ts';
import { parsed } from '../phones/line.ts';
import type { Place, Town, Watcher } from '../town/town.ts';
import type { Connection } from '../world/connection.ts';
import { Callers } from './callers.ts';
import { shownIn, storedFor } from './published.ts';
import { Waiting } from './waiting.ts';
import { Whereabouts } from './whereabouts.ts';
import { type Heard, WireRules } from './wire-rules.ts';

/** Everything that must hold, whatever happens. */
export class Rules implements Watcher {
  readonly faults: string[] = [];
  /** What was reached: a run that never gets anywhere proves nothing. */
  readonly reached = new Map<string, number>();
  readonly #whereabouts = new Map<OrganizationId, Whereabouts>();
  readonly #wires = new WireRules({
    now: () => this.#now(),
    fault: (what) => this.fault(what),
    heard: (place, heard) => this.#heard(place, heard),
    speaksAt: ({ organization, number }) => {
      const owner = this.#extension(organization, number);
      return owner && this.#whereabouts.get(organization)?.speaksAt(owner);
    },
  });
  readonly #waiting = new Waiting();
  readonly #callers = new Callers((extension) => this.#numberOf(extension));
  /** What the pages that are open show of who is where. */
  readonly #published = new Map<Place, TerminalView>();
  readonly #records = new Map<OrganizationId, number>();
  /** Ids of calls that phones were told of. */
  readonly #calls = new Map<OrganizationId, Set<string>>();
  /** Calls that only ask where a call is parked: they have no record. */
  readonly #questions = new Set<string>();
  /** The numbers that are to be moved, by the calls to the Center. */
  readonly #visits = new Map<string, string>();
  #town: Town | undefined;
  #isRingingToBeChecked = false;
  #arePlacesToBeChecked = false;

  watch(town: Town): void {
    this.#town = town;
    for (const [organization, storage] of town.storages) {
      const whereabouts = new Whereabouts();
      this.#whereabouts.set(organization, whereabouts);
      this.#records.set(organization, 0);
      this.#calls.set(organization, new Set());
      storage.moved = (change) => {
        this.#isRingingToBeChecked = true;
        this.#arePlacesToBeChecked = true;
        if (change.begun.length > 0) this.#reach('moved');
        for (const fault of whereabouts.changed(change)) this.fault(fault);
      };
    }
  }

  fault(what: string): void {
    this.faults.push(what);
    this.#town?.note('RULE', what);
  }

  sent(place: Place, connection: Connection, frame: string): void {
    this.#wires.sent(place, connection, frame);
    if (frame.startsWith('INVITE')) this.#isRingingToBeChecked = true;
  }

  arrives(place: Place, connection: Connection, frame: string): void {
    this.#wires.arrived(place, connection, parsed(frame));
    if (frame.startsWith('SIP/2.0 18')) this.#isRingingToBeChecked = true;
  }

  closed(_place: Place, connection: Connection): void {
    this.#wires.closed(connection);
  }

  /** The server tells a page of that phone so, in this moment. */
  told(place: Place, event: PageEvent): void {
    if (event.kind === 'terminal') {
      this.#published.set(place, event.view);
      this.#arePlacesToBeChecked = true;
    }
    if (event.kind === 'calls') this.#waiting.shown(place, event.calls, this.#now());
    if (event.kind !== 'center') return;
    if (event.event.kind === 'opened' && event.event.number !== undefined)
      this.#visits.set(event.call, event.event.number);
    if (event.event.kind !== 'outcome') return;
    this.#reach(`center: ${event.event.outcome}`);
    const number = this.#visits.get(event.call);
    if (event.event.outcome !== 'accepted' || number === undefined) return;
    const moved = this.#extension(place.organization, number);
    const base = this.#extension(place.organization, place.number);
    const isThere =
      moved !== undefined &&
      base !== undefined &&
      this.#whereabouts.get(place.organization)?.baseOf(moved) === base;
    if (!isThere) this.fault(`${number} was told to be on ${place.number} and is not on the disk`);
  }

  left(place: Place): void {
    this.#published.delete(place);
    this.#waiting.left(place);
  }

  outlived(ufrag: string): void {
    this.fault(`the endpoint of sound ${ufrag} is open, and no phone has heard it for long`);
  }

  failed(error: unknown): void {
    this.fault(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  killed(): void {
    this.#wires.killed();
    this.#published.clear();
    this.#waiting.killed();
    this.#reach('killed');
    // What nobody had answered is forgotten with the process; what was answered is stored.
    for (const [organization, ids] of this.#calls) {
      const file = this.#town?.storage(organization).calls;
      const recorded = new Set(file?.records.map(({ id }): string => id));
      for (const id of ids) if (file?.calls.has(id) !== true && !recorded.has(id)) ids.delete(id);
    }
  }

  /** After each step, once it has had all its consequences. */
  check(): void {
    if (this.#isRingingToBeChecked) {
      this.#isRingingToBeChecked = false;
      this.#checkRinging();
    }
    if (this.#arePlacesToBeChecked) {
      this.#arePlacesToBeChecked = false;
      for (const [place, view] of this.#published) this.#checkPlace(place, view);
    }
    this.#checkRecords();
    this.#wires.check();
    for (const fault of this.#waiting.faults(this.#now())) this.fault(fault);
  }

  /** Nothing has happened for a while, and nothing is to come. */
  async quiet(): Promise<void> {
    this.#wires.quiet();
    await this.#checkViews();
    for (const place of this.#town?.places ?? []) this.#checkCalls(place);
    this.#checkSound();
  }

  /** Everybody has hung up, and all calls are over. */
  over(): void {
    const town = this.#town;
    if (town === undefined) return;
    for (const { phone } of town.places)
      for (const { callId, state } of phone.sessions.values())
        this.fault(`${phone.name} still has ${callId}, ${state}`);
    for (const [organization, { calls }] of town.storages) {
      if (calls.calls.size > 0) this.fault(`stored calls are left: ${[...calls.calls.keys()].join()}`);
      const recorded = new Set(calls.records.map(({ id }): string => id));
      for (const id of this.#calls.get(organization) ?? [])
        if (!recorded.has(id) && !calls.lost.has(id)) this.fault(`the call ${id} has no record`);
    }
  }

  /** All phones have gone, and everything has run out: nothing is left but what was there at first. */
  async empty(timers: number): Promise<void> {
    const town = this.#town;
    const { server, life } = town ?? {};
    if (town === undefined || server === undefined || life === undefined) {
      this.fault('the server has not come back');
      return;
    }
    const left = { ...(await server.counts()), timers: life.timers - timers };
    for (const [what, count] of Object.entries(left))
      if (count !== 0) this.fault(`${String(count)} ${what} are left`);
    for (const { calls } of town.storages.values())
      if (calls.owed.size > 0) this.fault(`BYEs are owed for ever: ${[...calls.owed.keys()].join()}`);
    const open = server.media.endpoints.filter(({ closedAs }) => closedAs === undefined).length;
    if (open > 0) this.fault(`${String(open)} endpoints of sound are left`);
    if (server.media.bridges.some(({ size }) => size > 0)) this.fault('a conference is left');
  }

  #heard({ phone, organization }: Place, { call, dialled, answer, by, from }: Heard): void {
    for (const fault of this.#callers.heard(call, by, from)) this.fault(fault);
    if (dialled === '*68') this.#questions.add(call);
    if (!this.#questions.has(call)) this.#calls.get(organization)?.add(call);
    const town = this.#town;
    if (dialled === undefined || !/^o=- (ruby|jade)/m.test(answer) || town?.disk.isReliable !== true) return;
    if (!town.storage(organization).calls.calls.has(call))
      this.fault(`${phone.name} is answered in ${call}, which is not on the disk`);
  }

  #now(): number {
    return this.#town?.clock.monotonic() ?? 0;
  }

  #reach(what: string): void {
    this.reached.set(what, (this.reached.get(what) ?? 0) + 1);
  }

  #extension(organization: OrganizationId, number: string): ExtensionId | undefined {
    return this.#town?.organizations
      .find((each) => each.organization.id === organization)
      ?.extensions.find((each) => each.number === number)?.id;
  }

  #numberOf(extension: ExtensionId): string | undefined {
    for (const { extensions } of this.#town?.organizations ?? [])
      for (const { id, number } of extensions) if (id === extension) return number;
    return undefined;
  }

  #checkRinging(): void {
    for (const { place, number, isHeardOf } of this.#wires.ringing.values()) {
      if (!isHeardOf) continue;
      this.#reach('rang');
      const callee = this.#extension(place.organization, number);
      const rings = callee && this.#whereabouts.get(place.organization)?.ringsAt(callee);
      if (rings !== this.#extension(place.organization, place.number))
        this.fault(`${place.phone.name} rings for ${number}, which is elsewhere`);
    }
  }

  #checkRecords(): void {
    for (const [organization, { calls }] of this.#town?.storages ?? []) {
      const { records } = calls;
      const known = this.#records.get(organization) ?? 0;
      if (records.length === known) continue;
      this.#records.set(organization, records.length);
      for (const record of records.slice(known)) {
        this.#reach(`record: ${record.result}`);
        if (records.filter(({ id }) => id === record.id).length > 1)
          this.fault(`two records of ${record.id}`);
        for (const fault of this.#callers.recorded(record)) this.fault(fault);
        for (const fault of faultsInRecord(record)) this.fault(`record: ${fault}: ${JSON.stringify(record)}`);
      }
    }
  }

  /** Every phone is registered; it and its page agree with the server about its calls, none of which waits for anybody any more. */
  #checkCalls({ phone, terminal }: Place): void {
    if (!phone.line.isRegistered) this.fault(`${phone.name} is not registered`);
    const here = this.#town?.places.filter((place) => place.terminal === terminal) ?? [];
    for (const { id, state, here: where, otherSide } of phone.views) {
      if (state !== 'talking') continue;
      if (where === 'away') this.fault(`${phone.name} is waited for in ${id}`);
      if (otherSide === 'reconnecting') this.fault(`${phone.name} waits for the other side in ${id}`);
      const isThere = here.some((place) => place.phone.talking.some(({ call }) => call === id));
      if (where === 'here' && !isThere) this.fault(`${phone.name} is shown ${id}, which it does not have`);
    }
    for (const { call, callId } of phone.talking) {
      const isShown = phone.views.some(({ id, here: where }) => id === call && where === 'here');
      if (!isShown)
        this.fault(`${phone.name} has ${callId}, of ${String(call)}, which the server does not know`);
    }
  }

  /** Where two phones talk, each hears the other one; or both the server, which stands between them. */
  #checkSound(): void {
    const talking = (this.#town?.places ?? []).flatMap(({ phone }) => phone.talking);
    for (const session of talking) {
      const [other, ...more] = talking.filter((each) => each !== session && each.call === session.call);
      if (other === undefined || more.length > 0 || !/^(ruby|jade)/.test(session.hears)) continue;
      this.#reach('heard');
      if (session.hears !== other.sound)
        this.fault(`${session.sound} hears ${session.hears} in the place of ${other.sound}`);
    }
  }

  async #checkViews(): Promise<void> {
    const town = this.#town;
    for (const place of town?.places ?? []) {
      const view = await town?.server?.control(place.organization).view(place.terminal);
      if (view !== undefined && view !== null) this.#checkPlace(place, view);
    }
  }

  /** Who is at a terminal, and where its owner is, is shown as it is stored. */
  #checkPlace({ phone, organization, number }: Place, view: TerminalView): void {
    const owner = this.#extension(organization, number);
    const stored = this.#whereabouts.get(organization);
    if (owner === undefined || stored === undefined) return;
    const [shown, is] = [shownIn(view), storedFor(owner, stored, (each) => this.#numberOf(each))];
    if (shown.occupancy !== is.occupancy || shown.whereabouts !== is.whereabouts)
      this.fault(`${phone.name} shows ${JSON.stringify(shown)}, and it is ${JSON.stringify(is)}`);
  }
}
