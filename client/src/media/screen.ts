/** Keeps the screen of a shared phone on while its page is visible; the returned function ends it. Not every browser can. */
export function keepScreenOn(): () => void {
  let lock: WakeLockSentinel | undefined;
  let over = false;
  const hold = async (): Promise<void> => {
    if (document.hidden || over) return;
    const screen = navigator.wakeLock as WakeLock | undefined;
    lock = await screen?.request('screen').catch(() => undefined);
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have ended meanwhile
    if (over) await lock?.release();
  };
  const onVisible = (): void => void hold();
  document.addEventListener('visibilitychange', onVisible);
  onVisible();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', onVisible);
    void lock?.release();
  };
}
