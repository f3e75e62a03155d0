import { needWords } from '../../words/messages.svelte.ts';

/** A part of a page that is loaded when it is needed, or earlier when there is time. */
export class Part<Loaded extends object> {
  /** `null` until it is there. */
  loaded: Loaded | null = $state.raw(null);
  /** The server could not be reached, or has a newer version of the page. */
  missing = $state(false);
  readonly #load: () => Promise<Loaded>;
  #loading: Promise<void> | undefined;

  constructor(load: () => Promise<Loaded>) {
    this.#load = load;
  }

  /** Loads it unless it is there or on its way; never rejects. */
  readonly fetch = (): Promise<void> => {
    this.#loading ??= this.#fetch().finally(() => (this.#loading = undefined));
    return this.#loading;
  };

  async #fetch(): Promise<void> {
    if (this.loaded !== null) return;
    this.missing = false;
    try {
      const [loaded] = await Promise.all([this.#load(), needWords('parts')]);
      this.loaded = loaded;
    } catch {
      this.missing = true;
    }
  }
}
