export interface Device {
  readonly id: string;
  readonly label: string;
  /** What belongs to one piece of hardware has the same one; empty where the browser does not say. */
  readonly group: string;
}

export interface Devices {
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
}

export const NO_DEVICES: Devices = { microphones: [], speakers: [] };

/** The audio devices that can be chosen; none until the microphone has been allowed once, when they get names. */
export async function listDevices(): Promise<Devices> {
  const found = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind): Device[] =>
    found
      .filter((device) => device.kind === kind && device.deviceId !== '' && device.deviceId !== 'default')
      .map(({ deviceId, label, groupId }) => ({ id: deviceId, label, group: groupId }));
  return { microphones: of('audioinput'), speakers: of('audiooutput') };
}

/** Calls back now and whenever a device comes or goes; the returned function ends it. */
export function watchDevices(onChange: (devices: Devices) => void): () => void {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  if (media === undefined) return () => undefined;
  const look = (): void => void listDevices().then(onChange);
  media.addEventListener('devicechange', look);
  look();
  return () => media.removeEventListener('devicechange', look);
}
