import { stationCodesApi, type StationCodeView } from '@perch/shared';
import { request } from '../../api/request.ts';
import { after, type Cancel } from '../../world/timers.ts';
import { refusalSentence } from '../sentences.ts';

/** So long before a code expires, the station shows another one: who scans it now has time to look at it (milliseconds). */
const BEFORE_MS = 15_000;
/** After a refusal (milliseconds). */
const AGAIN_MS = 5_000;

/** The one-time code that a station shows, another one before each expires. */
export class ShownCode {
  current: StationCodeView | undefined = $state.raw();
  refusal: string | undefined = $state();
  readonly #token: string;
  #cancel: Cancel | undefined;
  /** What has been asked of the server about codes, one after the other: else the next code could be withdrawn with the last one. */
  #asked: Promise<void> = Promise.resolve();

  constructor(token: string) {
    this.#token = token;
  }

  /** Shows codes until the returned function is called; then the last one is worth nothing. */
  readonly show = (): (() => void) => {
    let shown = true;
    const isOver = (): boolean => !shown;
    const renew = async (): Promise<void> => {
      if (isOver()) return;
      let ms = AGAIN_MS;
      try {
        const code = await request(stationCodesApi.issueStationCode, { token: this.#token });
        if (isOver()) return;
        [this.current, this.refusal, ms] = [code, undefined, Math.max(code.validMs - BEFORE_MS, AGAIN_MS)];
      } catch (error) {
        if (isOver()) return;
        [this.current, this.refusal] = [undefined, refusalSentence(error)];
      }
      this.#cancel = after(ms, () => this.#next(renew));
    };
    this.#next(renew);
    return () => {
      shown = false;
      this.#cancel?.();
      [this.current, this.refusal] = [undefined, undefined];
      this.#next(() => this.#withdraw());
    };
  };

  #next(deed: () => Promise<void>): void {
    this.#asked = this.#asked.then(deed);
  }

  async #withdraw(): Promise<void> {
    // Where the server is not reached, it expires within a minute.
    await request(stationCodesApi.withdrawStationCode, { token: this.#token }).catch(() => undefined);
  }
}
