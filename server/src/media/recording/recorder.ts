import type { MediaClock } from '../clock.ts';
import type { Codec } from '../codec/codec.ts';
import type { MediaSound, MediaPacket } from '../endpoint.ts';
import { HEARD_LEVEL } from '../codec/loudness.ts';
import { OggOpusPages } from '../ogg/ogg-opus-writer.ts';
import { PacketOrder } from './packet-order.ts';
import { RecordingTimeline } from './recording-timeline.ts';
import { openTrack } from './recording-track.ts';
import type { Track } from './recording-track.ts';

/** A decoder conceals this much well; a longer gap becomes silence. */
const LONGEST_LOSS_MS = 100;
/** How far a recording may be ahead of the clock: packets arrive early and late. */
const LARGEST_LEAD_MS = 500;
/** The size of a recording is limited: 128 kbit/s, four times what browsers send, and a burst. Packets beyond that count as lost. */
const OCTETS_PER_MS = 16;
const BURST_OCTETS = 64 * 1024;

export interface RecorderOptions {
  readonly endpoint: MediaSound;
  readonly clock: MediaClock;
  /** The file's next octets: whole pages, after the head (`oggOpusHead`), which is not written here. */
  readonly write: (octets: Uint8Array) => void;
  /** It ends itself after this long. */
  readonly longestMs: number;
  /** It ends itself after this long of silence. */
  readonly silenceMs: number;
  /** It has ended itself and written its last page. Never called after `stop`, which still gives the figures. */
  readonly ended: (why: 'silence' | 'longest') => void;
}

export interface Recorded {
  /** How long the file is. */
  readonly durationMs: number;
  /** Time in which there was something to hear. */
  readonly soundMs: number;
}

/**
 * Records what an endpoint hears, from its creation on, as Ogg Opus; a page goes out for every second of it. Whatever the peer
 * sends, the file is never longer than the time that has passed, nor larger than that time allows.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #startedAt: number;
  readonly #stopListening: () => void;
  readonly #order = new PacketOrder((packet) => this.#receive(packet));
  readonly #pages = new OggOpusPages();
  readonly #timeline = new RecordingTimeline();
  #track: Track | undefined;
  #octets = 0;
  #soundMs = 0;
  #heardAt: number;
  #cancelTimer: () => void = () => undefined;
  #isOver = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#startedAt = this.#heardAt = options.clock.monotonic();
    this.#stopListening = options.endpoint.listen({ packet: (packet) => this.#order.receive(packet) });
    this.#arm();
  }

  /** Writes the last page, if that has not happened yet, and gives the figures. */
  stop(): Recorded {
    this.#finish();
    return { durationMs: Math.round(this.#pages.durationMs), soundMs: Math.round(this.#soundMs) };
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#cancelTimer();
    this.#stopListening();
    this.#order.flush();
    this.#append(this.#track?.end() ?? []);
    this.#isOver = true;
    this.#options.write(this.#pages.end());
  }

  /** One timer for both ends: every word postpones the end by silence, so the timer checks again when it fires. */
  #arm(): void {
    const { clock, longestMs, silenceMs, ended } = this.#options;
    const now = clock.monotonic();
    const why =
      now - this.#startedAt >= longestMs
        ? 'longest'
        : now - this.#heardAt >= silenceMs
          ? 'silence'
          : undefined;
    if (why) {
      this.#finish();
      ended(why);
      return;
    }
    const due = Math.min(this.#startedAt + longestMs, this.#heardAt + silenceMs);
    this.#cancelTimer = clock.after(due - now, () => this.#arm());
  }

  /** A packet in its order; those of keys have no payload, and nothing to hear. */
  #receive({ payload, timestamp, level }: MediaPacket): void {
    const { endpoint, clock } = this.#options;
    if (payload.length === 0 || !endpoint.codec) return;
    const track = this.#trackOf(endpoint.codec);
    const durationMs = track.durationMs(payload);
    if (durationMs === 0) return;

    const now = clock.monotonic();
    const missing = this.#timeline.gapBefore(timestamp, durationMs, track.codec, now);
    const gapMs = Math.min(missing, this.#roomMs(now) - durationMs);
    if (gapMs > 0) this.#append(missing <= LONGEST_LOSS_MS ? track.lost(gapMs) : track.silence(gapMs));
    if (durationMs > this.#roomMs(now) || payload.length > this.#roomOctets(now)) return;
    this.#append(track.sound(payload));

    if (level === undefined ? !track.isHeard(payload) : level >= HEARD_LEVEL) return;
    this.#soundMs += durationMs;
    this.#heardAt = now;
  }

  /** The peer's codec is another one where another browser has continued its call. */
  #trackOf(codec: Codec['name']): Track {
    if (this.#track?.codec.name === codec) return this.#track;
    this.#append(this.#track?.end() ?? []);
    return (this.#track = openTrack(codec));
  }

  #roomMs(now: number): number {
    const longest = Math.min(now - this.#startedAt + LARGEST_LEAD_MS, this.#options.longestMs);
    return longest - this.#pages.durationMs;
  }

  #roomOctets(now: number): number {
    return (now - this.#startedAt) * OCTETS_PER_MS + BURST_OCTETS - this.#octets;
  }

  #append(packets: readonly Uint8Array[]): void {
    for (const packet of packets) {
      this.#octets += packet.length;
      const page = this.#pages.append(packet);
      if (page) this.#options.write(page);
    }
  }
}
