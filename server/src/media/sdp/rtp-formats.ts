/** The formats of an audio section and the payload types that stand for them. PURE. */
import { OPUS, PCMU } from '../codec/codec.ts';
import type { Codec } from '../codec/codec.ts';
import { AUDIO_LEVEL_URI } from '../rtp/rtp-extension.ts';
import { attributes } from './sdp.ts';
import type { MediaDescription } from './sdp.ts';

/** A payload type given to a format. */
export interface Mapped<Format> {
  readonly payloadType: number;
  readonly format: Format;
}

export interface RtpFormat {
  readonly payloadType: number;
  readonly name: string;
  readonly clock: number;
}

/** The formats of `m=` in the peer's order of preference, named by their rtpmap, or PCMU's static 0 (RFC 3551 §6). */
export function readFormats(audio: MediaDescription): RtpFormat[] {
  const maps = new Map<string, readonly [name: string, clock: number]>([['0', ['pcmu', 8000]]]);
  for (const map of attributes([audio.lines], 'rtpmap')) {
    const [, payloadType, name, clock] = /^(\d{1,3}) ([\w.-]+)\/(\d+)/.exec(map) ?? [];
    if (payloadType && name) maps.set(payloadType, [name.toLowerCase(), Number(clock)]);
  }
  return audio.formats.flatMap((format) => {
    const [name, clock] = maps.get(format) ?? [];
    const payloadType = Number(format);
    return name !== undefined && clock !== undefined && payloadType < 128
      ? [{ payloadType, name, clock }]
      : [];
  });
}

/** Opus where it is among them, else PCMU. */
export function chooseCodec(formats: readonly RtpFormat[]): Mapped<Codec> | undefined {
  const codecs = formats.flatMap(codecOf);
  return codecs.find(({ format }) => format === OPUS) ?? codecs[0];
}

/** The first that this end has, as the peer prefers it: what the peer sends once it has answered (RFC 3264 §6.1). */
export const firstCodec = (formats: readonly RtpFormat[]): Mapped<Codec> | undefined =>
  formats.flatMap(codecOf)[0];

function codecOf({ payloadType, name, clock }: RtpFormat): Mapped<Codec>[] {
  const format = [OPUS, PCMU].find((codec) => codec.name === name && codec.clock === clock);
  return format ? [{ payloadType, format }] : [];
}

/** Firefox offers events at 8000 only, beside Opus at 48000: these are better than none. */
export function chooseTelephoneEvent(
  formats: readonly RtpFormat[],
  clock: number,
): Mapped<number> | undefined {
  const events = formats.filter(({ name }) => name === 'telephone-event');
  const chosen = events.find((event) => event.clock === clock) ?? events[0];
  return chosen && { payloadType: chosen.payloadType, format: chosen.clock };
}

/**
 * `1 urn:…` or `1/sendonly urn:…` (RFC 8285 §5, §6): ids of 1 to 14, and with two-byte headers to 255; those that are only
 * a proposal, from 4096 on, are not accepted.
 */
export function readAudioLevel(maps: readonly string[]): number | undefined {
  for (const map of maps) {
    const [, digits, direction = 'sendrecv', uri] = /^(\d{1,4})(?:\/([a-z]+))? (\S+)/.exec(map) ?? [];
    const id = Number(digits);
    if (uri === AUDIO_LEVEL_URI && direction.startsWith('send') && id >= 1 && id <= 255 && id !== 15)
      return id;
  }
  return undefined;
}
