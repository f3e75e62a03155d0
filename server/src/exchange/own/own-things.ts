import type { ExtensionId, OwnLine } from '@perch/shared';
import type { Favoured } from '../contract/commands.ts';
import type { Happened } from '../happenings.ts';
import type { Clock, Directory, Extension } from '../ports.ts';
import { MissedCalls } from './missed-calls.ts';
import type { OwnStore } from './ports.ts';

/** Favourites of one extension: more than anybody finds somebody among. */
const MOST_FAVOURITES = 100;

interface OwnThingsRooms {
  readonly directory: Directory;
  readonly store: OwnStore;
  readonly clock: Clock;
  readonly happened: Happened;
}

interface Own {
  readonly seenUntil: number;
  readonly favourites: readonly ExtensionId[];
}

const NOTHING: Own = { seenUntil: 0, favourites: [] };

/** What extensions have of their own at whichever phone they are: which calls they have missed, and their favourites. */
export class OwnThings {
  readonly missed: MissedCalls;
  readonly #rooms: OwnThingsRooms;
  readonly #own = new Map<ExtensionId, Own>();

  static async open(rooms: OwnThingsRooms): Promise<OwnThings> {
    const things = new OwnThings(rooms);
    for (const { extension, ...own } of await rooms.store.load()) things.#own.set(extension, own);
    return things;
  }

  private constructor(rooms: OwnThingsRooms) {
    const { store, clock, happened } = rooms;
    this.#rooms = rooms;
    this.missed = new MissedCalls({
      store,
      clock,
      seenUntil: (extension) => this.#of(extension).seenUntil,
      changed: (extension) => happened({ kind: 'own-changed', extension }),
      failed: (error) => happened({ kind: 'failed', error }),
    });
  }

  line({ id, number }: Extension): OwnLine {
    const { directory } = this.#rooms;
    const favourites = this.#of(id).favourites.flatMap(
      (favourite) => directory.byId(favourite)?.number ?? [],
    );
    return { number, ...this.missed.of(id), favourites };
  }

  /** The extension has looked at the missed calls that were over by then; nobody has looked at what is still to come. */
  async see(extension: ExtensionId, asked: number): Promise<void> {
    const until = Math.min(asked, this.#rooms.clock.now());
    const own = this.#of(extension);
    if (until <= own.seenUntil) return;
    await this.#rooms.store.keepSeen(extension, until);
    this.#keep(extension, { seenUntil: until });
    this.missed.seen(extension);
  }

  async setFavourite(extension: ExtensionId, number: string, isFavourite: boolean): Promise<Favoured> {
    const { directory, store } = this.#rooms;
    const favourite = directory.byNumber(number)?.id;
    const { favourites } = this.#of(extension);
    if (favourite === undefined || favourite === extension) return 'not-found';
    if (favourites.includes(favourite) === isFavourite) return 'done';
    if (isFavourite && favourites.length >= MOST_FAVOURITES) return 'full';
    if (isFavourite) await store.addFavourite(extension, favourite);
    else await store.removeFavourite(extension, favourite);
    const others = this.#of(extension).favourites.filter((one) => one !== favourite);
    this.#keep(extension, { favourites: isFavourite ? [...others, favourite] : others });
    this.#rooms.happened({ kind: 'own-changed', extension });
    return 'done';
  }

  /** Those among whose favourites that extension is. */
  admirersOf(extension: ExtensionId): readonly ExtensionId[] {
    return [...this.#own].flatMap(([id, { favourites }]) => (favourites.includes(extension) ? [id] : []));
  }

  #of(extension: ExtensionId): Own {
    return this.#own.get(extension) ?? NOTHING;
  }

  #keep(extension: ExtensionId, own: Partial<Own>): void {
    this.#own.set(extension, { ...this.#of(extension), ...own });
  }
}
