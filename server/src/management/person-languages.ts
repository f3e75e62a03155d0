import type { Language } from '@perch/shared';
import type { Turns } from '../collections/turns.ts';
import type { Extensions } from './extensions.ts';
import type { OrganizationRepository, PersonRepository, StoredPerson } from './repositories.ts';
import { Refusal } from './refusal.ts';

interface LanguagePorts {
  readonly repository: PersonRepository;
  readonly organizations: Pick<OrganizationRepository, 'language'>;
  readonly extensions: Extensions;
}

/** In which language Perch speaks and writes to people. Those who have an extension have its language. */
export class PersonLanguages {
  readonly #ports: LanguagePorts;
  readonly #turns: Turns;

  /** `turns`: in which people are changed. */
  constructor(ports: LanguagePorts, turns: Turns) {
    this.#ports = ports;
    this.#turns = turns;
  }

  /** In which their pages are, in every browser; `null` where they have chosen none. */
  of({ extension, language }: StoredPerson): Language | null {
    if (extension === null) return language;
    return this.#ports.extensions.byId(extension)?.language ?? null;
  }

  /** In which mail to them is written: their language, or else that of the organization, or else English. */
  async ofMailTo(person: StoredPerson): Promise<Language> {
    const { organizations } = this.#ports;
    return this.of(person) ?? (await organizations.language(person.organization)) ?? 'en';
  }

  choose(person: StoredPerson, language: Language | null): Promise<Refusal | undefined> {
    return this.#turns.take(async () => {
      const { repository, extensions } = this.#ports;
      const known = await repository.byId(person.id);
      if (known === undefined) return undefined;
      const own = known.extension === null ? undefined : extensions.byId(known.extension);
      if (own === undefined) {
        await repository.update({ ...known, language });
        return undefined;
      }
      const acting = { organization: known.organization, who: known.email };
      const changed = await extensions.change(acting, own.number, { language });
      return changed instanceof Refusal ? changed : undefined;
    });
  }
}
