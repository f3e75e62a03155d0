import type { MicrophoneRefusal } from '../phone/calls/microphone-trouble.ts';
import { microphonePermission } from './microphone-permission.ts';

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
    if (devices === undefined) return silence(context, 'insecure');
    return { kind: 'live', stream: await devices.getUserMedia({ audio }) };
  } catch (error) {
    return silence(context, await refusalOf(error));
  }
}

export function closeMicrophone({ stream }: Microphone): void {
  for (const track of stream.getTracks()) track.stop();
}

function silence(context: AudioContext, trouble: MicrophoneRefusal): Microphone {
  return { kind: 'silent', stream: context.createMediaStreamDestination().stream, trouble };
}

async function refusalOf(error: unknown): Promise<MicrophoneRefusal> {
  const name = error instanceof DOMException ? error.name : '';
  if (name !== 'NotAllowedError' && name !== 'SecurityError')
    return name === 'NotFoundError' ? 'missing' : 'busy';
  const permission = await microphonePermission();
  if (permission?.state === 'granted') return 'system';
  return permission?.state === 'prompt' ? 'dismissed' : 'refused';
}
