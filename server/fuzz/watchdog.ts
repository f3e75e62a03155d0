import { Script } from 'node:vm';

const script = new Script('globalThis.watchedByFuzzer()');

/** Runs `subject`, and returns whether it came to its end in so many milliseconds: what loops for ever is interrupted, which no `catch` can do. */
export function endsIn(milliseconds: number, subject: () => void): boolean {
  Object.assign(globalThis, { watchedByFuzzer: subject });
  try {
    script.runInThisContext({ timeout: milliseconds });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  }
}
