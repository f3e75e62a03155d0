import { m } from '../../words/messages.svelte.ts';
import type { MicrophoneTrouble } from '../../phone/calls/microphone-trouble.ts';
import { permissionPlace } from '../../phone/page/permission-place.ts';

const REFUSED = {
  address: m.microphone_refused_address,
  firefox: m.microphone_refused_firefox,
  safari: m.microphone_refused_safari,
  ios: m.microphone_refused_ios,
  android: m.microphone_refused_android,
  app: m.microphone_refused_app,
} as const;

/** Why a microphone gives nothing, and what to do about it in this browser. */
export const MICROPHONE_HELP: Readonly<Record<MicrophoneTrouble, () => string>> = {
  refused: () => {
    const isInstalled = matchMedia('(display-mode: standalone)').matches;
    return REFUSED[permissionPlace(navigator.userAgent, isInstalled)]();
  },
  dismissed: m.microphone_dismissed_help,
  system: m.microphone_system_help,
  insecure: m.microphone_insecure_help,
  missing: m.microphone_missing_help,
  busy: m.microphone_busy_help,
  lost: m.microphone_lost_help,
  silenced: m.microphone_silenced_help,
  silent: m.microphone_silent_help,
};
