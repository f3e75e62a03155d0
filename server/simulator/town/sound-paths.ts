import type { FakeEndpoint } from '../../src/media/support/fake-media.ts';
import type { PhoneSound } from '../phones/person.ts';
import type { Phone } from '../phones/phone.ts';
import type { Life } from '../world/life.ts';
import type { SimulatedClock } from '../world/simulated-clock.ts';
import type { Server } from './server.ts';

const CONNECTED_MS = 300;
const UNHEARD_MS = 20_000;
/** By then an endpoint that no phone hears any more has been closed, also where its phone was away for a while (milliseconds). */
const OUTLIVED_MS = 120_000;
const PACKET_MS = 100;
const FRAME_MS = 20;
const FRAME_SAMPLES = 960;
const VOICE = Uint8Array.of(31 << 3, 1, 2, 3);

/** The phones, and the server as it runs now. */
interface Ends {
  readonly clock: SimulatedClock;
  readonly places: readonly { readonly phone: Phone }[];
  readonly server: Server | undefined;
  readonly life: Life | undefined;
}

/** The paths of sound between phones and the server's endpoints, which are known by how the server describes them. */
export class SoundPaths implements PhoneSound {
  readonly #ends: Ends;
  readonly #outlived: (ufrag: string) => void;

  /** `outlived`: that endpoint of the server is open long after the last phone has heard it. */
  constructor(ends: Ends, outlived: (ufrag: string) => void) {
    this.#ends = ends;
    this.#outlived = outlived;
  }

  /** Sound takes a moment to come about. */
  hears(ufrag: string): void {
    const endpoint = this.#endpoint(ufrag);
    if (endpoint !== undefined) this.#ends.life?.clock.after(CONNECTED_MS, () => endpoint.connect());
  }

  /** A phone that has gone without a word is missed when nothing has come for a while. In all other cases the server closes what nobody hears. */
  silenced(ufrag: string, isKnown: boolean): void {
    const endpoint = this.#endpoint(ufrag);
    const { life, clock } = this.#ends;
    if (endpoint === undefined || life === undefined) return;
    const isLeft = (): boolean => endpoint.closedAs === undefined && !this.#isHeard(ufrag);
    if (isKnown)
      clock.after(OUTLIVED_MS, () => {
        if (!life.isOver && isLeft()) this.#outlived(ufrag);
      });
    else
      life.clock.after(UNHEARD_MS, () => {
        if (isLeft()) endpoint.lose('timeout');
      });
  }

  speak(ufrag: string, ms: number): void {
    const endpoint = this.#endpoint(ufrag);
    const { life } = this.#ends;
    if (endpoint === undefined || life === undefined) return;
    const frames = Math.ceil(ms / FRAME_MS);
    const speak = (frame: number): void => {
      if (frame >= frames || endpoint.closedAs !== undefined) return;
      for (let at = frame; at < frame + PACKET_MS / FRAME_MS; at++)
        endpoint.speak({ sequence: at, timestamp: at * FRAME_SAMPLES, payload: VOICE, level: 20 });
      life.clock.after(PACKET_MS, () => speak(frame + PACKET_MS / FRAME_MS));
    };
    speak(0);
  }

  #endpoint(ufrag: string): FakeEndpoint | undefined {
    const [, made] = /^server(\d+)$/.exec(ufrag) ?? [];
    return made === undefined ? undefined : this.#ends.server?.media.endpoints[Number(made)];
  }

  #isHeard(ufrag: string): boolean {
    return this.#ends.places.some(({ phone }) =>
      [...phone.sessions.values()].some(({ peerUfrag }) => peerUfrag === ufrag),
    );
  }
}
