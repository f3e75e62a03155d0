import { isOnTop, type Layer } from '../phone/layers.ts';

/** The dialogs of a phone's page. Only one is open at a time. */
export type DialogName = 'settings' | 'mailbox-setup' | 'first-run';

export interface LayersParts {
  /** What the phone itself needs the page for right now. */
  readonly taken: () => Layer | null;
  /** Is there something in that dialog which nobody has used or discarded yet? */
  readonly isUnfinished: (dialog: DialogName) => boolean;
  /** It is closed, and what was not finished in it is given up. */
  readonly onClosed: (dialog: DialogName) => void;
  /** A dialog had to make room for what is above it: it is closed, or waits with what is unfinished in it. */
  readonly onGaveWay: (dialog: DialogName, to: Layer, waits: boolean) => void;
}

/** Knows what is open over a phone's page, and what it has to give way to (`phone/layers.ts`). */
export class Layers {
  /** Closing would throw away what is unfinished: the person is being asked. */
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

  /** Is that dialog to be seen? */
  shows(dialog: DialogName): boolean {
    return this.#dialog === dialog && !this.covered;
  }

  open(dialog: DialogName): void {
    if (this.covered || (this.#dialog !== null && !this.close())) return;
    this.#dialog = dialog;
  }

  /** Closes what is open, unless something in it is unfinished: then the person is asked. Says whether it is closed. */
  close(): boolean {
    if (this.#dialog !== null && this.#parts.isUnfinished(this.#dialog)) {
      this.asking = true;
      return false;
    }
    this.closeNow();
    return true;
  }

  /** Closes what is open, and gives up what is unfinished in it. Gives what was open. */
  closeNow(): DialogName | null {
    const dialog = this.#dialog;
    this.#dialog = null;
    this.asking = false;
    if (dialog !== null) this.#parts.onClosed(dialog);
    return dialog;
  }

  /** Call it when what takes the page changes: an open dialog is closed, or waits if something in it is unfinished. */
  giveWay(): void {
    const [dialog, taken] = [this.#dialog, this.#parts.taken()];
    if (dialog === null || taken === null || isOnTop('dialog', taken)) return;
    const waits = this.#parts.isUnfinished(dialog);
    this.asking = false;
    if (!waits) this.closeNow();
    this.#parts.onGaveWay(dialog, taken, waits);
  }
}
