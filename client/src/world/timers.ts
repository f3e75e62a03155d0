/** Ends what was to come; does nothing where it has come, or was ended before. */
export type Cancel = () => void;

/** Calls back once, `ms` later; at 0, in a task of its own. A browser may keep a hidden page waiting for a second and more. */
export function after(ms: number, callback: () => void): Cancel {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

/** Calls back each time `ms` have passed. */
export function every(ms: number, callback: () => void): Cancel {
  const timer = setInterval(callback, ms);
  return () => clearInterval(timer);
}

/** Resolves `ms` later. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => void after(ms, resolve));
