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

  constructor(token: string) {
    this.#token = token;
  }

  /** Shows codes until the returned function is called; then the last one is worth nothing. */
  readonly show = (): (() => void) => {
    let isOver = false;
    const renew = async (): Promise<void> => {
      let ms = AGAIN_MS;
      try {
        const code = await request(stationCodesApi.issueStationCode, { token: this.#token });
        if (isOver) void this.#withdraw();
        else
          [this.current, this.refusal, ms] = [code, undefined, Math.max(code.validMs - BEFORE_MS, AGAIN_MS)];
      } catch (error) {
        [this.current, this.refusal] = [undefined, refusalSentence(error)];
      }
      if (!isOver) this.#cancel = after(ms, () => void renew());
    };
    void renew();
    return () => {
      isOver = true;
      this.#cancel?.();
      this.current = undefined;
      void this.#withdraw();
    };
  };

  async #withdraw(): Promise<void> {
    // Where the server is not reached, it expires within a minute.
    await request(stationCodesApi.withdrawStationCode, { token: this.#token }).catch(() => undefined);
  }
}
