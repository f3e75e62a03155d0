import { languages } from '@perch/shared';
import * as z from 'zod/mini';

const KEY = 'perch.settings';

/** What people set about this device; it stays when a guest leaves. An unreadable part falls back to its default. */
const schema = z.object({
  theme: z.catch(z.enum(['system', 'light', 'dark']), 'system'),
  /** Of the pages in this browser, where the person who is there has none of their own. */
  language: z.catch(z.enum(['system', ...languages]), 'system'),
  /** How keys travel in a call. */
  digits: z.catch(z.enum(['automatic', 'rfc4733', 'info']), 'automatic'),
  soundProcessing: z.catch(
    z.object({
      echoCancellation: z.catch(z.boolean(), true),
      noiseSuppression: z.catch(z.boolean(), true),
      autoGainControl: z.catch(z.boolean(), true),
    }),
    { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  ),
  /** Device ids; empty is the browser's default. */
  microphone: z.catch(z.string(), ''),
  speaker: z.catch(z.string(), ''),
  ringer: z.catch(z.string(), ''),
  /** 0 to 1. */
  ringVolume: z.catch(z.number().check(z.gte(0), z.lte(1)), 0.7),
  keySounds: z.catch(z.boolean(), true),
  shortcuts: z.catch(z.boolean(), true),
  /** How long nobody uses a shared phone before its screen rests; 0: it never does. */
  idleMinutes: z.catch(z.number(), 5),
  /** Were the stations in kiosk mode when the server last said so? */
  kiosk: z.catch(z.boolean(), false),
  /** The phones of this browser whose calls are shown as notifications, by their numbers. */
  notifications: z.catch(z.array(z.string()), []),
  /** Have microphone and ring been tested on this device? */
  introduced: z.catch(z.boolean(), false),
});
export type SettingsValues = z.output<typeof schema>;

/** The settings of this browser, kept across reloads under `perch.settings`. */
export class Settings {
  #values: SettingsValues = $state(stored());
  #watchers: readonly ((changes: Partial<SettingsValues>) => void)[] = [];

  get values(): SettingsValues {
    return this.#values;
  }

  /** Leaves what another page of this browser has changed meanwhile. */
  change(changes: Partial<SettingsValues>): void {
    this.#values = { ...this.#values, ...changes };
    localStorage.setItem(KEY, JSON.stringify({ ...stored(), ...changes }));
    for (const watcher of this.#watchers) watcher(changes);
  }

  /** Are calls of that phone, one of those in this browser, to be shown as notifications? */
  notifies(number: string): boolean {
    return this.#values.notifications.includes(number);
  }

  setNotifies(number: string, on: boolean): void {
    const others = stored().notifications.filter((other) => other !== number);
    this.change({ notifications: on ? [...others, number] : others });
  }

  /** Calls back with each change until the returned function is called. */
  watch(onChange: (changes: Partial<SettingsValues>) => void): () => void {
    this.#watchers = [...this.#watchers, onChange];
    return () => (this.#watchers = this.#watchers.filter((watcher) => watcher !== onChange));
  }
}

function stored(): SettingsValues {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch {
    return schema.parse({});
  }
}
