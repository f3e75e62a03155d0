import { pause } from './world/timers.ts';

/**
 * Resolves in a task of its own, so that the browser can paint and take a touch in between. Where the browser can say so, it comes
 * before other tasks, and as soon in a hidden page.
 */
export function nextTask(): Promise<void> {
  const { scheduler } = globalThis as { readonly scheduler?: Partial<Scheduler> };
  return scheduler?.yield?.() ?? pause(0);
}
