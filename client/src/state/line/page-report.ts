import { type PageReport, terminalApi } from '@perch/shared';
import { request } from '../../api/request.ts';
import { microphonePermission } from '../../media/microphone-permission.ts';
import { VERSION } from '../../version.ts';

/** How far the clock may have moved before that is told (milliseconds): pulses take a moment longer or shorter. */
const CLOCK_MS = 30_000;

interface ReportParts {
  readonly token: string;
  /** Add to this browser's time to have the server's (milliseconds). */
  readonly offset: () => number;
}

/** Says in which state this browser is: to a server that has not been told, and when it is different. */
export class PageReports {
  readonly #parts: ReportParts;
  #told: PageReport | undefined;

  constructor(parts: ReportParts) {
    this.#parts = parts;
  }

  /** The server was away, and may have been started again meanwhile. */
  forget(): void {
    this.#told = undefined;
  }

  /** Tells it where there is something to tell; where it cannot be reached, the next look does. */
  readonly look = async (): Promise<void> => {
    const report = {
      ...(await microphone()),
      clockAhead: Math.round(-this.#parts.offset()),
      version: VERSION,
    };
    if (this.#told !== undefined && isSame(this.#told, report)) return;
    const before = this.#told;
    this.#told = report;
    try {
      await request(terminalApi.reportPage, { token: this.#parts.token, body: report });
    } catch {
      if (this.#told === report) this.#told = before;
    }
  };

  /** Looks now, and whenever the permission changes or a device comes or goes, until the returned function is called. */
  watch(): () => void {
    const closed = new AbortController();
    const look = (): void => void this.look();
    void microphonePermission().then((permission) => permission?.addEventListener('change', look, closed));
    const media = navigator.mediaDevices as MediaDevices | undefined;
    media?.addEventListener('devicechange', look, closed);
    look();
    return () => closed.abort();
  }
}

const isSame = (told: PageReport, { microphone: now, clockAhead }: PageReport): boolean =>
  told.microphone === now && Math.abs(told.clockAhead - clockAhead) < CLOCK_MS;

async function microphone(): Promise<Pick<PageReport, 'microphone'>> {
  const media = navigator.mediaDevices as MediaDevices | undefined;
  const devices = await media?.enumerateDevices().catch(() => undefined);
  if (devices?.every(({ kind }) => kind !== 'audioinput') === true) return { microphone: 'missing' };
  return { microphone: (await microphonePermission())?.state ?? 'unknown' };
}
