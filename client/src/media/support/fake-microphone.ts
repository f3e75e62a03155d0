import type { MicrophoneRefusal } from '../../phone/calls/microphone-trouble.ts';
import type { Microphone } from '../microphone.ts';

/** A track that is controlled by the test. */
export class FakeTrack extends EventTarget {
  readonly kind = 'audio';
  readonly label: string;
  enabled = true;
  muted = false;
  readyState: MediaStreamTrackState = 'live';
  /** The newest copy of it: what is sent. */
  copy: FakeTrack | undefined;

  constructor(label: string) {
    super();
    this.label = label;
  }

  getSettings(): MediaTrackSettings {
    return this.readyState === 'live' ? { deviceId: this.label, groupId: `group of ${this.label}` } : {};
  }

  clone(): FakeTrack {
    this.copy = new FakeTrack(this.label);
    this.copy.enabled = this.enabled;
    return this.copy;
  }

  /** The page has stopped it: no event says so. */
  stop(): void {
    this.readyState = 'ended';
  }

  /** The device is gone. */
  end(): void {
    for (const track of [this, this.copy]) {
      if (track === undefined) continue;
      track.readyState = 'ended';
      track.dispatchEvent(new Event('ended'));
    }
  }

  /** The system holds back its sound, or gives it again. */
  silence(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }
}

/** A microphone of that name, which is also the id of its device, and its track. */
export function fakeMicrophone(label: string): {
  readonly microphone: Microphone;
  readonly track: FakeTrack;
} {
  const track = new FakeTrack(label);
  return { microphone: { kind: 'live', stream: streamOf(track) }, track };
}

const streamOf = (track: FakeTrack): MediaStream =>
  ({
    getTracks: () => [track],
    getAudioTracks: () => [track],
    clone: () => streamOf(track.clone()),
  }) as unknown as MediaStream;

export const noMicrophone = (trouble: MicrophoneRefusal): Microphone => ({
  kind: 'silent',
  stream: { getTracks: () => [], getAudioTracks: () => [] } as unknown as MediaStream,
  trouble,
});
