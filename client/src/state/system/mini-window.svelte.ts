/** Document Picture-in-Picture, which is in no library of types yet. */
export interface PictureInPicture {
  requestWindow(options: { readonly width: number; readonly height: number }): Promise<Window>;
  /** The window that is open. */
  readonly window: Window | null;
}

/** As it opens; where a person has made it another size before, browsers remember that (CSS pixels). */
const SIZE = { width: 320, height: 176 };

/** None in a browser that has no such windows. */
export const pictureInPicture = (): PictureInPicture | undefined =>
  (window as { readonly documentPictureInPicture?: PictureInPicture }).documentPictureInPicture;

/** Fills the body of the window; the returned function empties it. */
type Fill = (body: HTMLElement) => () => void;

/** A window of this page that stays above those of all other programs. What is in it is part of the page; closing it changes nothing else. */
export class MiniWindow {
  isOpen = $state(false);
  readonly #host: PictureInPicture | undefined;
  readonly #fill: Fill;
  #opening: Promise<boolean> | undefined;
  /** How often it was closed: a window that comes later is not wanted any more. */
  #closings = 0;
  #empty: (() => void) | undefined;

  constructor(host: PictureInPicture | undefined, fill: Fill) {
    this.#host = host;
    this.#fill = fill;
  }

  get isPossible(): boolean {
    return this.#host !== undefined;
  }

  /**
   * Browsers want it in the moment of a touch or a key, or when they ask for it themselves. Resolves to whether it is open; `isNeeded` is asked
   * once there is a window.
   */
  async open(isNeeded: () => boolean): Promise<boolean> {
    const host = this.#host;
    if (host === undefined || this.isOpen) return this.isOpen;
    this.#opening ??= this.#openAt(host, isNeeded).finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  readonly close = (): void => {
    const { window: opened } = this.#host ?? {};
    this.#closings += 1;
    this.#empty?.();
    opened?.close();
  };

  async #openAt(host: PictureInPicture, isNeeded: () => boolean): Promise<boolean> {
    const closings = this.#closings;
    try {
      const opened = await host.requestWindow(SIZE);
      if (closings === this.#closings && isNeeded()) this.#settle(opened);
      else opened.close();
      return true;
    } catch {
      return false;
    }
  }

  #settle(opened: Window): void {
    const ends = [follow(opened), this.#fill(opened.document.body)];
    this.isOpen = true;
    this.#empty = () => {
      this.#empty = undefined;
      this.isOpen = false;
      for (const end of ends) end();
    };
    opened.addEventListener('pagehide', () => this.#empty?.());
  }
}

/** Has the window look and speak as the page does, until the returned function is called. */
function follow(opened: Window): () => void {
  const { document: other, CSSStyleSheet } = opened as Window & typeof globalThis;
  // Not by their addresses: there may be no server at the moment.
  other.adoptedStyleSheets = [...document.styleSheets].map((of) => {
    const sheet = new CSSStyleSheet({ media: of.media.mediaText });
    sheet.replaceSync(textOf(of));
    return sheet;
  });
  const [from, to] = [document.documentElement, other.documentElement];
  const copy = (): void => {
    for (const name of ['lang', 'dir', 'data-theme']) {
      const value = from.getAttribute(name);
      if (value === null) to.removeAttribute(name);
      else to.setAttribute(name, value);
    }
  };
  copy();
  const observer = new MutationObserver(copy);
  observer.observe(from, { attributes: true });
  return () => {
    observer.disconnect();
  };
}

/** Nothing of a sheet from elsewhere, such as an extension of the browser, which the page may not read. */
function textOf(sheet: CSSStyleSheet): string {
  try {
    return [...sheet.cssRules].map(({ cssText }) => cssText).join('\n');
  } catch {
    return '';
  }
}
