/** How often it is listened (milliseconds). */
const LISTEN_MS = 250;
/** So many times in a row nothing was heard: it is no pause between two words. */
const SILENT_LOOKS = 3;

/** Plays a tone while the other side is waited for and nothing is heard of it, until the returned function is called. */
export function playWhileSilent(level: () => number, play: () => () => void): () => void {
  let stop: (() => void) | undefined;
  let looks = 0;
  const end = (): void => {
    stop?.();
    stop = undefined;
  };
  const listening = setInterval(() => {
    looks = level() > 0 ? 0 : looks + 1;
    if (looks === 0) end();
    else if (looks >= SILENT_LOOKS) stop ??= play();
  }, LISTEN_MS);
  return () => {
    clearInterval(listening);
    end();
  };
}
