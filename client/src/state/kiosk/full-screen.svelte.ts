/** What holds back keys that a browser takes for itself in full screen (Keyboard Lock), where there is one. */
interface LockableKeyboard {
  lock(keys: readonly string[]): Promise<void>;
}

/** Full screen of the page, or of the browser itself, as with `--kiosk`. */
const isFull = (): boolean =>
  document.fullscreenElement !== null || matchMedia('(display-mode: fullscreen)').matches;

/** Keeps the page in full screen, as far as a browser lets it. */
export class FullScreen {
  /** The page should be in full screen, is not, and the browser may bring it there: it waits for a touch or a key. */
  isMissing = $state(false);
  /** The browser has refused: nobody is kept from the page for that. */
  #refused = false;

  /** Goes back to full screen with each touch or key, until the returned function is called. Escape has to be held to leave it, where the browser knows that. */
  hold(): () => void {
    const look = (): void => {
      if (isFull()) this.#refused = false;
      this.isMissing = document.fullscreenEnabled && !this.#refused && !isFull();
    };
    const enter = async (): Promise<void> => {
      if (!this.isMissing) return;
      try {
        await document.documentElement.requestFullscreen({ navigationUI: 'hide' });
      } catch {
        this.#refused = true;
      }
      look();
      const { keyboard } = navigator as { readonly keyboard?: LockableKeyboard };
      await keyboard?.lock(['Escape']).catch(() => undefined);
    };
    const use = (event: Event): void => {
      if (!(event instanceof KeyboardEvent && event.key === 'Escape')) void enter();
    };
    const display = matchMedia('(display-mode: fullscreen)');
    window.addEventListener('click', use, { capture: true });
    window.addEventListener('keydown', use, { capture: true });
    document.addEventListener('fullscreenchange', look);
    display.addEventListener('change', look);
    look();
    return () => {
      window.removeEventListener('click', use, { capture: true });
      window.removeEventListener('keydown', use, { capture: true });
      document.removeEventListener('fullscreenchange', look);
      display.removeEventListener('change', look);
      this.isMissing = false;
    };
  }
}
