import { every } from '../../../world/timers.ts';

/** How often it is listened (milliseconds): a tone ends as soon as the other side is heard again. */
const LISTEN_MS = 100;
/** For so long nothing was heard: it is no pause between two words (milliseconds). */
const SILENT_MS = 750;

/** Plays a tone while the other side is waited for and nothing is heard of it, until the returned function is called. */
export function playWhileSilent(level: () => number, play: () => () => void): () => void {
  let stop: (() => void) | undefined;
  let silentMs = 0;
  const end = (): void => {
    stop?.();
    stop = undefined;
  };
  const cancel = every(LISTEN_MS, () => {
    silentMs = level() > 0 ? 0 : silentMs + LISTEN_MS;
    if (silentMs === 0) end();
    else if (silentMs >= SILENT_MS) stop ??= play();
  });
  return () => {
    cancel();
    end();
  };
}
