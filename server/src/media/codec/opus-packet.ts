/** The framing of Opus packets (RFC 6716 §3). PURE; nothing is decoded here. */

/** Samples a second of Opus's clock, whatever the encoder was fed with (RFC 7845 §4). */
export const OPUS_CLOCK = 48_000;

/** No packet lasts longer (RFC 6716 §3.2.5, R5). */
const LONGEST_MS = 120;
/** No frame is longer (RFC 6716 §3.4, R2). */
const LONGEST_FRAME_OCTETS = 1275;

/** 20 ms of silence, for any decoder: CELT, fullband, mono. */
export const SILENT_PACKET: Uint8Array = Uint8Array.of(0xf8, 0xff, 0xfe);

/** A packet that says "this one was lost": decoders conceal one frame as long as those of `toc` (RFC 6716 §3.2.1). */
export function lostPacket(toc: number): Uint8Array {
  return Uint8Array.of(toc & 0xfc);
}

/** The milliseconds that a packet lasts, by its first octets (RFC 6716 §3.1, §3.2); 0 for one without octets. */
export function opusDuration(packet: Uint8Array): number {
  const [toc, counts = 0] = packet;
  if (toc === undefined) return 0;
  const code = toc & 3;
  const frames = code === 0 ? 1 : code === 3 ? counts & 0x3f : 2;
  return (frames * samplesInFrame(toc >> 3) * 1000) / OPUS_CLOCK;
}

/** Is a packet too short to hold sound: discontinuous transmission, or one that was lost (RFC 6716 §2.1.9)? */
export function isSilent(packet: Uint8Array): boolean {
  return (
    packet.length <= 2 || (packet.length === 3 && SILENT_PACKET.every((octet, i) => octet === packet[i]))
  );
}

/** Is it a packet that every decoder takes (RFC 6716 §3.4, R1 to R7)? */
export function isOpusPacket(packet: Uint8Array): boolean {
  const [toc, counts] = packet;
  if (toc === undefined) return false;
  const octets = packet.length - 1;
  switch (toc & 3) {
    case 0:
      return octets <= LONGEST_FRAME_OCTETS;
    case 1:
      return octets % 2 === 0 && octets / 2 <= LONGEST_FRAME_OCTETS;
    case 2:
      return areFrames(packet, 1, packet.length, 2);
    default: {
      const frames = (counts ?? 0) & 0x3f;
      if (counts === undefined || frames === 0 || opusDuration(packet) > LONGEST_MS) return false;
      const [begin, padding] = counts & 0x40 ? paddingOf(packet) : [2, 0];
      const end = packet.length - padding;
      if (begin > end) return false;
      if (counts & 0x80) return areFrames(packet, begin, end, frames);
      return (end - begin) % frames === 0 && (end - begin) / frames <= LONGEST_FRAME_OCTETS;
    }
  }
}

/** Where the frames begin after the octets that count the padding, and how long it is (RFC 6716 §3.2.5). */
function paddingOf(packet: Uint8Array): readonly [begin: number, padding: number] {
  let padding = 0;
  let at = 2;
  for (; packet[at] === 255; at++) padding += 254;
  return [at + 1, padding + (packet[at] ?? Infinity)];
}

/** Do so many frames, each but the last after its length (RFC 6716 §3.2.1), fill the octets between `begin` and `end`? */
function areFrames(packet: Uint8Array, begin: number, end: number, frames: number): boolean {
  let at = begin;
  let octets = 0;
  for (let frame = 1; frame < frames; frame++) {
    const first = at < end ? packet[at++] : undefined;
    if (first === undefined) return false;
    const second = first < 252 ? 0 : at < end ? packet[at++] : undefined;
    if (second === undefined) return false;
    octets += second * 4 + first;
  }
  const last = end - at - octets;
  return last >= 0 && last <= LONGEST_FRAME_OCTETS;
}

/** Samples of one frame by the configuration number (RFC 6716 §3.1, table 2). */
function samplesInFrame(configuration: number): number {
  const silk = [480, 960, 1920, 2880];
  const hybrid = [480, 960];
  const celt = [120, 240, 480, 960];
  const samples =
    configuration < 12
      ? silk[configuration % 4]
      : configuration < 16
        ? hybrid[configuration % 2]
        : celt[configuration % 4];
  return samples ?? 0;
}
