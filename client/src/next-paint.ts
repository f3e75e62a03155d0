import { nextTask } from './next-task.ts';

/** Resolves in a task after the browser has painted what is there now; at once where nobody sees the page, as nothing is painted there. */
export function nextPaint(): Promise<void> {
  if (document.visibilityState === 'hidden') return Promise.resolve();
  return new Promise((resolve) => {
    const painted = (): void => void nextTask().then(resolve);
    requestAnimationFrame(painted);
    document.addEventListener('visibilitychange', painted, { once: true });
  });
}
