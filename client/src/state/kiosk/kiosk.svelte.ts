import { KIOSK_UNLOCKED_MS, terminalApi } from '@perch/shared';
import { request } from '../../api/request.ts';
import { after, type Cancel } from '../../world/timers.ts';
import type { World } from '../../world/world.ts';
import type { ServerWord } from '../line/server-word.svelte.ts';
import type { Settings } from '../page/settings.svelte.ts';
import { Task } from '../page/task.svelte.ts';

interface KioskParts {
  readonly token: string;
  readonly isStation: boolean;
  readonly word: Pick<ServerWord, 'view'>;
  readonly settings: { readonly values: Pick<Settings['values'], 'kiosk'> };
  readonly world: World;
}

/** A station in kiosk mode: only the PIN of the stations, which the server checks, lets somebody leave it, and not for long. */
export class Kiosk {
  readonly task = new Task();
  /** By this browser's clock. */
  unlockedUntil: number | null = $state(null);
  readonly #parts: KioskParts;
  #cancel: Cancel | undefined;

  constructor(parts: KioskParts) {
    this.#parts = parts;
  }

  /** Is this a station in kiosk mode? Until the server has said so, as it was last known: a page that comes without a server is locked, too. */
  get isOn(): boolean {
    const { isStation, word, settings } = this.#parts;
    return isStation && (word.view?.kiosk ?? settings.values.kiosk);
  }

  get isLocked(): boolean {
    return this.isOn && this.unlockedUntil === null;
  }

  /** @param here aborts where nobody waits for the answer any more: a station is not unlocked behind the back of those who have left it. */
  async unlock(pin: string, here: AbortSignal): Promise<void> {
    const { token, world } = this.#parts;
    const done = await this.task.run(() => request(terminalApi.unlockStation, { token, body: { pin } }));
    if (here.aborted) this.task.refusal = undefined;
    if (done && here.aborted) this.lock();
    if (!done || here.aborted) return;
    this.#cancel?.();
    this.unlockedUntil = world.now() + KIOSK_UNLOCKED_MS;
    this.#cancel = after(KIOSK_UNLOCKED_MS, this.#close);
  }

  /** This page is locked, whether or not the server hears of it. */
  readonly lock = (): void => {
    this.#close();
    const { token } = this.#parts;
    void request(terminalApi.lockStation, { token }).catch(() => undefined);
  };

  /** This browser is no longer the station; resolves to whether it is so. */
  async signOut(): Promise<boolean> {
    const { token } = this.#parts;
    return (await this.task.run(() => request(terminalApi.leaveTerminal, { token }))) !== undefined;
  }

  readonly #close = (): void => {
    this.#cancel?.();
    this.unlockedUntil = null;
  };
}
