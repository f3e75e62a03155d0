import type {
  CallRecord,
  ExtensionId,
  HeldCounts,
  HeldPerson,
  OrganizationId,
  RecordingId,
} from '@perch/shared';
import type { Readable } from 'node:stream';
import { Refusal } from '../management/refusal.ts';
import type { Management } from '../management/management.ts';
import type { StoredPerson } from '../management/repositories.ts';
import type { Records } from '../records/ports.ts';
import { withoutWithheld } from '../records/withheld.ts';
import type { Clock } from '../world/clock.ts';
import { archiveOf } from './archive.ts';
import type { Erasures } from './erasures.ts';
import type { Person } from './person.ts';
import type { ErasureStore, Holding } from './ports.ts';

/** People that are listed at once. */
const MOST_LISTED = 100;
/** Calls that are read at once. */
const PORTION = 200;

interface PersonalDataPorts {
  readonly store: ErasureStore;
  readonly erasures: Erasures;
  readonly management: Pick<Management, 'extensions' | 'people'>;
  readonly calls: (organization: OrganizationId) => Pick<Records, 'calls'>;
  /** The sound of a message or greeting; `undefined` where there is none. */
  readonly sound: (organization: OrganizationId, id: RecordingId) => Promise<Readable | undefined>;
  readonly clock: Clock;
}

/** What is held about people: how much it is, all of it, and none of it any more. */
export class PersonalData {
  readonly #ports: PersonalDataPorts;

  constructor(ports: PersonalDataPorts) {
    this.#ports = ports;
  }

  async people(organization: OrganizationId, text: string): Promise<HeldPerson[]> {
    const found = await this.#ports.store.of(organization).people(text, MOST_LISTED);
    return Promise.all(found.map((person) => this.view(organization, person)));
  }

  async find(organization: OrganizationId, id: string): Promise<Person | Refusal> {
    return (await this.#ports.store.of(organization).person(id)) ?? NOBODY;
  }

  count(organization: OrganizationId, person: Person): Promise<HeldCounts> {
    return this.#ports.store.of(organization).count(person);
  }

  async view(organization: OrganizationId, { id, extension, accounts }: Person): Promise<HeldPerson> {
    const pending = await this.#ports.erasures.pending(organization);
    return {
      id,
      number: extension?.number ?? null,
      name: extension?.name ?? null,
      emails: accounts.map(({ email }) => email),
      deletedAt: extension?.deletedAt ?? null,
      erasingSince: pending.find(({ person }) => person.id === id)?.begunAt ?? null,
    };
  }

  /**
   * Everything that is held about somebody, as a zip.
   * @param withSounds only for themselves: nobody else hears what is in a mailbox.
   */
  async archive(organization: OrganizationId, person: Person, withSounds: boolean): Promise<Readable> {
    const { store, sound, management, clock } = this.#ports;
    const held = store.of(organization);
    const { extension } = person;
    const calls =
      extension === null ? [] : [{ name: 'calls', rows: this.#calls(organization, extension.id) }];
    const sounds = withSounds ? await held.sounds(person) : [];
    return archiveOf({
      organization: management.extensions.organization(organization).name,
      at: clock.now(),
      holdings: [...held.holdings(person), ...calls] satisfies readonly Holding[],
      sounds: sounds.map((each) => ({ ...each, open: () => sound(organization, each.id) })),
      isWithoutSounds: !withSounds,
    });
  }

  /** @param confirm their number, or the address of an account alone. */
  async erase(by: StoredPerson, person: Person, confirm: string): Promise<HeldPerson | Refusal> {
    if (person.accounts.some(({ id }) => id === by.id)) return NOT_ONESELF;
    for (const { id } of person.accounts) {
      const found = await this.#ports.management.people.found(by, id);
      if (found instanceof Refusal) return found;
    }
    if (confirm !== (person.extension?.number ?? person.accounts[0]?.email)) return NOT_CONFIRMED;
    await this.#ports.erasures.begin(by.organization, person);
    return this.view(by.organization, person);
  }

  /** As they may read them: who withheld their number from them stays unnamed. */
  async *#calls(organization: OrganizationId, extension: ExtensionId): AsyncGenerator<CallRecord> {
    const calls = this.#ports.calls(organization);
    let page = await calls.calls({ extensions: [extension] }, PORTION);
    for (;;) {
      yield* page.records.map((record) => withoutWithheld(record, extension));
      if (page.next === null) return;
      page = await calls.calls({ extensions: [extension] }, PORTION, page.next);
    }
  }
}

const NOBODY = new Refusal('not-found', 'Nothing is held about such a person.');
const NOT_ONESELF = new Refusal('forbidden', 'Nobody can erase themselves: ask another administrator.');
const NOT_CONFIRMED = new Refusal(
  'invalid-request',
  'Type the number of the person, or where there is only an account, its address.',
);
