/** What the page hands over when it registers its service worker. */
interface Registered {
  readonly onNeedRefresh: () => void;
  readonly onRegisteredSW: (url: string, registration?: { update(): Promise<void> }) => void;
}

/** For tests: stands for `virtual:pwa-register`, which only the build of the page makes. */
export const serviceWorker = {
  registered: [] as Registered[],
  /** Each time that a new version was brought in: with a reload? */
  applied: [] as (boolean | undefined)[],
};

export function registerSW(options: Registered): (reload?: boolean) => Promise<void> {
  serviceWorker.registered.push(options);
  return (reload) => {
    serviceWorker.applied.push(reload);
    return Promise.resolve();
  };
}
