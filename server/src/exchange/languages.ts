import type { ExtensionId, Language, TerminalId } from '@perch/shared';
import type { Happened } from './happenings.ts';
import type { Directory, Extension } from './ports.ts';

interface LanguagesRooms {
  readonly directory: Pick<Directory, 'byId' | 'byTerminal'>;
  readonly where: { speaksFor(terminal: TerminalId): ExtensionId | undefined };
  readonly happened: Happened;
}

/** The language of whoever speaks at a terminal; where they have none, or nobody speaks there, of its owner. PURE. */
export const languageAt = (
  speaker: Pick<Extension, 'language'> | undefined,
  owner: Pick<Extension, 'language'> | undefined,
): Language | null => speaker?.language ?? owner?.language ?? null;

/** In which languages the organization speaks. */
export class Languages {
  readonly #rooms: LanguagesRooms;
  #organization: Language | null = null;

  constructor(rooms: LanguagesRooms) {
    this.#rooms = rooms;
  }

  /** Of all who have none of their own; `null` for none. */
  get organization(): Language | null {
    return this.#organization;
  }

  /** From now on, that is the organization's. */
  follow(language: Language | null): void {
    if (language === this.#organization) return;
    this.#organization = language;
    this.#rooms.happened({ kind: 'language-changed' });
  }
}
