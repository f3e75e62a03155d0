import { isOnTop, type Layer } from '../../phone/page/layers.ts';

/** The dialogs of a phone's page. Only one is open at a time. */
export type DialogName = 'settings' | 'shortcuts' | 'mailbox-setup' | 'first-run' | 'station-code';

export interface LayersParts {
  /** What the phone itself needs the page for right now. */
  readonly taken: () => Layer | null;
  /** Does that dialog contain something that has been neither used nor discarded yet? */
  readonly isUnfinished: (dialog: DialogName) => boolean;
  /** It was closed, and anything unfinished in it is discarded. */
  readonly onClosed: (dialog: DialogName) => void;
  /** A dialog had to make room for a higher layer: it is closed, or waits because something in it is unfinished. */
  readonly onGaveWay: (dialog: DialogName, to: Layer, waits: boolean) => void;
}

/** Knows what is open over a phone's page, and what it has to give way to (`phone/layers.ts`). */
export class Layers {
  /** Closing would discard something unfinished: the person is being asked. */
  asking = $state(false);
  #dialog: DialogName | null = $state(null);
  readonly #parts: LayersParts;

  constructor(parts: LayersParts) {
    this.#parts = parts;
  }

  /** The phone itself needs the page: nothing can be opened over it. */
  get covered(): boolean {
    return !isOnTop('dialog', this.#parts.taken());
  }

  /** Is that dialog visible? */
  shows(dialog: DialogName): boolean {
    return this.#dialog === dialog && !this.covered;
  }

  open(dialog: DialogName): void {
    if (this.covered || (this.#dialog !== null && !this.close())) return;
    this.#dialog = dialog;
  }

  /** Closes the open dialog, unless something in it is unfinished: then the person is asked. Returns whether it is closed. */
  close(): boolean {
    if (this.#dialog !== null && this.#parts.isUnfinished(this.#dialog)) {
      this.asking = true;
      return false;
    }
    this.closeNow();
    return true;
  }

  /** Closes the open dialog and discards anything unfinished in it. Returns which one was open. */
  closeNow(): DialogName | null {
    const dialog = this.#dialog;
    this.#dialog = null;
    this.asking = false;
    if (dialog !== null) this.#parts.onClosed(dialog);
    return dialog;
  }

  /** To be called when the phone itself needs the page: an open dialog is closed, or waits if something in it is unfinished. */
  giveWay(): void {
    const [dialog, taken] = [this.#dialog, this.#parts.taken()];
    if (dialog === null || taken === null || isOnTop('dialog', taken)) return;
    const waits = this.#parts.isUnfinished(dialog);
    this.asking = false;
    if (!waits) this.closeNow();
    this.#parts.onGaveWay(dialog, taken, waits);
  }
}
