/** How often a live page asks again (milliseconds). */
const EVERY_MS = 3_000;

/** Asks now and again while the page is looked at; call it while a component is set up. */
export function poll(ask: () => Promise<void>): void {
  $effect(() => {
    void ask();
    const timer = setInterval(() => {
      if (!document.hidden) void ask();
    }, EVERY_MS);
    return () => clearInterval(timer);
  });
}
