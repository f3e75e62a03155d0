import {
  type Colleague,
  type ExtensionId,
  type ExtensionView,
  type FloorLine,
  isWithin,
  type ParkedCall,
  type OwnLine,
  type Scope,
  type TerminalId,
  type TopicLine,
  type TopicName,
} from '@perch/shared';
import { Topic, type TopicSource } from '../../topics/topic.ts';
import type { Calls } from '../call/calls.ts';
import type { OwnThings } from '../own/own-things.ts';
import type { Clock, Directory, Extension } from '../ports.ts';
import { type Activity, colleagueOf, type WhoIsWhere } from './terminal-view.ts';

/** Changes of many within this time reach a page as one (milliseconds): a shift change moves hundreds of people at once. */
const MANY_SETTLE_MS = 100;
/** Changes of one extension: what was changed by hand is seen at once. */
const ONE_SETTLES_MS = 0;

const EVERYTHING: Scope = { kind: 'everything' };

interface PageTopicsWorld {
  readonly directory: Directory;
  readonly where: WhoIsWhere;
  readonly view: Activity & {
    floorLine(extension: Extension): FloorLine;
    extensionView(extension: Extension): ExtensionView;
  };
  readonly parked: Calls['parked'];
  readonly own: Pick<OwnThings, 'line'> & { readonly missed: Pick<OwnThings['missed'], 'forget'> };
  readonly clock: Clock;
  /** An id that no other log of a topic has. */
  readonly newEpoch: () => string;
}

/** The lists of an organization that pages can follow. */
export class PageTopics {
  readonly #world: PageTopicsWorld;
  readonly #colleagues: Topic<Colleague>;
  readonly #parked: Topic<ParkedCall>;
  readonly #floor: Topic<FloorLine>;
  /** The floor for people who may not see all of it, by what they may see. */
  readonly #partsOfFloor = new Map<string, Topic<FloorLine>>();
  /** What extensions have of their own, each for the pages of the phone at which it is. */
  readonly #own = new Map<ExtensionId, Topic<OwnLine>>();
  /** Topics of single extensions that a page is showing, by number. */
  readonly #extensions = new Map<string, Topic<ExtensionView>>();

  constructor(world: PageTopicsWorld) {
    const { directory, where, view } = world;
    const parts = { clock: world.clock, newEpoch: world.newEpoch, settleMs: MANY_SETTLE_MS };
    this.#world = world;
    this.#colleagues = new Topic(
      perExtension('colleagues', directory, (extension) => colleagueOf(extension, where, view)),
      parts,
    );
    const { parked } = world;
    this.#parked = new Topic(
      { topic: 'parked', all: () => parked.all(), line: (slot) => parked.at(slot) },
      { ...parts, settleMs: ONE_SETTLES_MS },
    );
    this.#floor = new Topic(this.#floorWithin(EVERYTHING), parts);
  }

  /** May pages with this scope know of the topic? An extension out of their reach is treated like one that there is not. */
  isWithin(name: TopicName, scope: Scope): boolean {
    if (scope.kind === 'everything' || !isOfExtension(name)) return true;
    const extension = this.#world.directory.byNumber(numberOf(name));
    return extension !== undefined && isWithin(scope, extension);
  }

  /** @param scope what of the floor is shown. */
  of(name: TopicName, scope: Scope = EVERYTHING): Topic<TopicLine> | undefined {
    // Nobody's in particular.
    if (name === 'own') return undefined;
    if (name === 'colleagues') return this.#colleagues;
    if (name === 'parked') return this.#parked;
    if (name === 'floor') return scope.kind === 'everything' ? this.#floor : this.#partOfFloor(scope);
    const number = numberOf(name);
    const topic = this.#extensions.get(number) ?? this.#extension(name, number);
    this.#extensions.set(number, topic);
    return topic;
  }

  /** What that extension has of its own, wherever it is; `undefined` where there is none. */
  ownOf(extension: Pick<Extension, 'id'> | undefined): Topic<OwnLine> | undefined {
    if (extension === undefined) return undefined;
    const { id } = extension;
    const topic = this.#own.get(id) ?? this.#newOwn(id);
    this.#own.set(id, topic);
    return topic;
  }

  ownChanged(extensions: Iterable<ExtensionId>): void {
    for (const extension of extensions) this.#own.get(extension)?.changed(undefined);
  }

  /** Something that is shown of these extensions may have changed. */
  changed(extensions: Iterable<ExtensionId>): void {
    if (this.#extensions.size === 0 && !this.#colleagues.isOpen && !this.#isFloorShown) return;
    const lists = [this.#colleagues, ...this.#floors];
    const numbers = this.#numbersOf(extensions);
    for (const list of lists) list.changed(numbers);
    for (const number of numbers ?? this.#extensions.keys()) this.#extensions.get(number)?.changed([number]);
  }

  /** The calls of that terminal have changed: only the floor shows them, and the page of its owner. */
  callsChanged(terminal: TerminalId): void {
    if (this.#extensions.size === 0 && !this.#isFloorShown) return;
    const owner = this.#world.directory.byTerminal(terminal);
    if (owner === undefined) return;
    for (const floor of this.#floors) floor.changed([owner.number]);
    this.#extensions.get(owner.number)?.changed([owner.number]);
  }

  /** Someone waits in that slot now, or no longer. */
  slotChanged(slot: string): void {
    if (this.#parked.isOpen) this.#parked.changed([slot]);
  }

  /** Does any page show the floor, or a part of it? Asked several times in each call. */
  get #isFloorShown(): boolean {
    return this.#floor.isOpen || this.#partsOfFloor.size > 0;
  }

  get #floors(): readonly Topic<FloorLine>[] {
    return [this.#floor, ...this.#partsOfFloor.values()];
  }

  close(): void {
    const some = [...this.#partsOfFloor.values(), ...this.#extensions.values(), ...this.#own.values()];
    for (const topic of [this.#colleagues, this.#parked, this.#floor, ...some]) topic.close();
  }

  /** `undefined` where one of them has been deleted: its number is no longer known, so any topic may show it. */
  #numbersOf(extensions: Iterable<ExtensionId>): readonly string[] | undefined {
    const numbers: string[] = [];
    for (const id of extensions) {
      const extension = this.#world.directory.byId(id);
      if (extension === undefined) return undefined;
      numbers.push(extension.number);
    }
    return numbers;
  }

  #floorWithin(scope: Scope): TopicSource<FloorLine> {
    return perExtension('floor', this.#world.directory, (extension) =>
      isWithin(scope, extension) ? this.#world.view.floorLine(extension) : undefined,
    );
  }

  #partOfFloor(scope: Scope): Topic<FloorLine> {
    const { clock, newEpoch } = this.#world;
    const key = JSON.stringify(scope);
    const ended = () => void this.#partsOfFloor.delete(key);
    const known = this.#partsOfFloor.get(key);
    const topic =
      known ?? new Topic(this.#floorWithin(scope), { clock, newEpoch, settleMs: MANY_SETTLE_MS, ended });
    this.#partsOfFloor.set(key, topic);
    return topic;
  }

  #newOwn(extension: ExtensionId): Topic<OwnLine> {
    const { clock, newEpoch, directory, own } = this.#world;
    const lines = (): OwnLine[] => {
      const known = directory.byId(extension);
      return known === undefined ? [] : [own.line(known)];
    };
    const ended = () => {
      this.#own.delete(extension);
      own.missed.forget(extension);
    };
    return new Topic(
      {
        topic: 'own',
        all: lines,
        line: (number) => lines().find((line) => line.number === number),
      },
      { clock, newEpoch, settleMs: ONE_SETTLES_MS, ended },
    );
  }

  #extension(topic: TopicName, number: string): Topic<ExtensionView> {
    const { clock, newEpoch } = this.#world;
    const line = () => {
      const extension = this.#world.directory.byNumber(number);
      return extension && this.#world.view.extensionView(extension);
    };
    const ended = () => void this.#extensions.delete(number);
    return new Topic(
      { topic, line, all: () => [line()].filter((each) => each !== undefined) },
      { clock, newEpoch, settleMs: ONE_SETTLES_MS, ended },
    );
  }
}

/** A list with a line for each extension for which `lineOf` makes one. */
function perExtension<Line extends TopicLine>(
  topic: TopicName,
  directory: Directory,
  lineOf: (extension: Extension) => Line | undefined,
): TopicSource<Line> {
  return {
    topic,
    *all() {
      for (const extension of directory.all()) {
        const line = lineOf(extension);
        if (line !== undefined) yield line;
      }
    },
    line: (number) => {
      const extension = directory.byNumber(number);
      return extension && lineOf(extension);
    },
  };
}

const isOfExtension = (name: TopicName): name is `extension/${string}` => name.startsWith('extension/');

const numberOf = (name: `extension/${string}`): string => name.slice('extension/'.length);
