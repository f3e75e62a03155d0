import type { Device, Devices } from './devices.ts';
import { every } from '../world/timers.ts';

/** The state of a microphone: `silenced` where the system or the browser holds back its sound, `ended` for good. */
export type MicrophoneState = 'live' | 'silenced' | 'ended';

/** Some browsers fire no event for a track that ends (milliseconds). */
const LOOK_MS = 1_000;

/** Calls back with the devices now and whenever one comes or goes, until the returned function is called. */
export type WatchDevices = (onChange: (devices: Devices) => void) => () => void;

/**
 * Calls back whenever the state of the microphone changes; the returned function ends it. Where a device is pulled, some browsers
 * end the track, and some only list the device no longer.
 */
export function watchMicrophone(
  stream: MediaStream,
  watchDevices: WatchDevices,
  onChange: (state: MicrophoneState) => void,
): () => void {
  const [track] = stream.getAudioTracks();
  if (track === undefined) return () => undefined;
  const source = sourceOf(track);
  let state: MicrophoneState = 'live';
  let wasListed = false;
  const become = (now: MicrophoneState): void => {
    if (now === state || state === 'ended') return;
    state = now;
    onChange(now);
  };
  const look = (): void => become(track.readyState === 'ended' ? 'ended' : track.muted ? 'silenced' : 'live');
  const onEnded = (): void => become('ended');
  const unwatch = watchDevices(({ microphones }) => {
    const isListed = listed(source, microphones) !== undefined;
    if (wasListed && !isListed) become('ended');
    wasListed = isListed;
  });
  track.addEventListener('ended', onEnded);
  track.addEventListener('mute', look);
  track.addEventListener('unmute', look);
  const cancel = every(LOOK_MS, look);
  return () => {
    unwatch();
    cancel();
    track.removeEventListener('ended', onEnded);
    track.removeEventListener('mute', look);
    track.removeEventListener('unmute', look);
  };
}

/** Where the sound of a track comes from, as far as the browser says. */
export type Source = Pick<MediaTrackSettings, 'deviceId' | 'groupId'>;

/** Browsers say it only as long as the track lives. */
export function sourceOf(track: MediaStreamTrack): Source {
  const { deviceId, groupId } = track.getSettings();
  return {
    ...(deviceId === undefined ? {} : { deviceId }),
    ...(groupId === undefined ? {} : { groupId }),
  };
}

/** The device of the list that a source is; that of the browser's default is known by its group. */
export const listed = ({ deviceId, groupId }: Source, microphones: readonly Device[]): Device | undefined =>
  microphones.find(({ id }) => id === deviceId) ??
  microphones.find(({ group }) => group !== '' && group === groupId);
