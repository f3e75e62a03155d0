/** What the browser does to the voice before it is sent. */
export interface SoundProcessing {
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
}

/** Which of it this browser lets one choose at all. */
export function supportedProcessing(): SoundProcessing {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  const { echoCancellation, noiseSuppression, autoGainControl } = media?.getSupportedConstraints() ?? {};
  return {
    echoCancellation: echoCancellation === true,
    noiseSuppression: noiseSuppression === true,
    autoGainControl: autoGainControl === true,
  };
}

/** Why a microphone cannot be opened: `refused` by a person or policy, `missing` where there is no device, `busy` otherwise. */
export type MicrophoneRefusal = 'refused' | 'missing' | 'busy';

/**
 * Why this side cannot be heard: the microphone could not be opened, was `lost` meanwhile, is muted by the system (`silenced`), or
 * gives no sound at all (`silent`).
 */
export type MicrophoneTrouble = MicrophoneRefusal | 'lost' | 'silenced' | 'silent';

export type Microphone =
  | { readonly kind: 'live'; readonly stream: MediaStream }
  /** A stream of silence: the person can still listen, and keys need a track to be sent in (RFC 4733). */
  | { readonly kind: 'silent'; readonly stream: MediaStream; readonly trouble: MicrophoneRefusal };

/** Opens the microphone for one call. `deviceId` is a preference: if the device is gone, the default one is used. */
export async function openMicrophone(
  context: AudioContext,
  deviceId: string,
  processing: SoundProcessing,
): Promise<Microphone> {
  const audio = { ...processing, ...(deviceId === '' ? {} : { deviceId: { ideal: deviceId } }) };
  try {
    // Absent on pages that came without TLS.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) return silence(context, 'refused');
    return { kind: 'live', stream: await devices.getUserMedia({ audio }) };
  } catch (error) {
    return silence(context, troubleOf(error));
  }
}

export function closeMicrophone({ stream }: Microphone): void {
  for (const track of stream.getTracks()) track.stop();
}

function silence(context: AudioContext, trouble: MicrophoneRefusal): Microphone {
  return { kind: 'silent', stream: context.createMediaStreamDestination().stream, trouble };
}

function troubleOf(error: unknown): MicrophoneRefusal {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
  return name === 'NotFoundError' ? 'missing' : 'busy';
}
