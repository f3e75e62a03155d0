import { acceptedLanguage, type ExtensionId, type Language, type TerminalId } from '@perch/shared';
import type { Happened } from './happenings.ts';
import type { Directory, Extension } from './ports.ts';

interface LanguagesRooms {
  readonly directory: Pick<Directory, 'byId' | 'byTerminal'>;
  readonly happened: Happened;
}

/** Somebody to whom the server speaks. */
export interface Hearer {
  readonly extension: ExtensionId;
  /** At that phone. */
  readonly terminal: TerminalId;
  /** What the phone asks for: the Accept-Language of its INVITE (RFC 3261 §20.3). */
  readonly asked: string;
  /** In whose place the server speaks. */
  readonly host: Pick<Extension, 'language'> | undefined;
}

/** In which languages the organization speaks: what is chosen by people themselves comes before what was chosen for them. */
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

  /** The first that there is: of the person, of the owner of the phone, of the phone, of the host, of the organization; or else English. */
  spokenTo({ extension, terminal, asked, host }: Hearer): Language {
    const { directory } = this.#rooms;
    return (
      directory.byId(extension)?.language ??
      directory.byTerminal(terminal)?.language ??
      acceptedLanguage(asked) ??
      host?.language ??
      this.#organization ??
      'en'
    );
  }
}
