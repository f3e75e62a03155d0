import { z } from 'zod';

const KEY = 'perch.settings';

/** What people set about this device; it stays when a guest leaves. An unreadable part falls back to its default. */
const schema = z.object({
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  /** How keys travel in a call. */
  digits: z.enum(['automatic', 'rfc4733', 'info']).catch('automatic'),
  soundProcessing: z
    .object({
      echoCancellation: z.boolean().catch(true),
      noiseSuppression: z.boolean().catch(true),
      autoGainControl: z.boolean().catch(true),
    })
    .catch({ echoCancellation: true, noiseSuppression: true, autoGainControl: true }),
  /** Device ids; empty is the browser's default. */
  microphone: z.string().catch(''),
  speaker: z.string().catch(''),
  ringer: z.string().catch(''),
  /** 0 to 1. */
  ringVolume: z.number().min(0).max(1).catch(0.7),
  keySounds: z.boolean().catch(true),
  shortcuts: z.boolean().catch(true),
  /** Has somebody gone through microphone and ring test on this device? */
  introduced: z.boolean().catch(false),
});
export type SettingsValues = z.output<typeof schema>;

/** The settings of this browser, kept across reloads under `perch.settings`. */
export class Settings {
  #values: SettingsValues = $state(stored());

  get values(): SettingsValues {
    return this.#values;
  }

  change(changes: Partial<SettingsValues>): void {
    this.#values = { ...this.#values, ...changes };
    localStorage.setItem(KEY, JSON.stringify(this.#values));
  }
}

function stored(): SettingsValues {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch {
    return schema.parse({});
  }
}
