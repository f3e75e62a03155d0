import { afterAll, vi } from 'vitest';

/** What a page was still loading when its last test ended would fail in the next file, which finds the same module. */
afterAll(async () => {
  vi.useRealTimers();
  await vi.dynamicImportSettled();
});
