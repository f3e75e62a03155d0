import { after, type Cancel } from '../../world/timers.ts';

/** Longer than any browser takes for a key beyond its sound and the silence after it (milliseconds). */
const LATE_MS = 1_000;

/**
 * Sounds one key of `ms` milliseconds, and `gapMs` of silence, in the media (RFC 4733). Resolves to `true` once it has sounded, and
 * to `false` where the media has just broken. Another key inserted before that would take the place of one that has not begun to sound.
 */
export async function sendDigitEvent(
  sender: RTCDTMFSender,
  digit: string,
  ms: number,
  gapMs: number,
): Promise<boolean> {
  let onToneChange: ((event: RTCDTMFToneChangeEvent) => void) | undefined;
  let cancel: Cancel | undefined;
  const sounded = new Promise<void>((resolve) => {
    onToneChange = ({ tone }) => {
      if (tone === '') resolve();
    };
    sender.addEventListener('tonechange', onToneChange);
    cancel = after(ms + gapMs + LATE_MS, resolve);
  });
  try {
    sender.insertDTMF(sender.toneBuffer + digit, ms, gapMs);
    await sounded;
    return true;
  } catch {
    return false;
  } finally {
    cancel?.();
    if (onToneChange) sender.removeEventListener('tonechange', onToneChange);
  }
}
