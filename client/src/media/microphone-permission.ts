/** Whether this page may use the microphone; `undefined` where the browser does not say. */
export async function microphonePermission(): Promise<PermissionStatus | undefined> {
  try {
    return await navigator.permissions.query({ name: 'microphone' });
  } catch {
    return undefined;
  }
}

/** Calls back whenever the page has been allowed or may ask again, until the returned function is called. */
export type WatchPermission = (onAllowed: () => void) => () => void;

export const watchMicrophonePermission: WatchPermission = (onAllowed) => {
  const closed = new AbortController();
  void microphonePermission().then((permission) =>
    permission?.addEventListener(
      'change',
      () => {
        if (permission.state !== 'denied') onAllowed();
      },
      closed,
    ),
  );
  return () => closed.abort();
};
