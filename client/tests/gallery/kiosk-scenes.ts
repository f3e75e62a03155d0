import { api, type Problem, type StationCodeView } from '@perch/shared';
import { type Exchange, until } from './exchange.ts';
import type { Scene } from './scene.ts';

const PIN = '4711';

/** The station is in kiosk mode, and its page fills the screen, as in a browser that was started for that. */
function fillScreen(exchange: Exchange): void {
  Object.defineProperty(document, 'fullscreenEnabled', { configurable: true, value: false });
  exchange.tell({ kiosk: true });
}

async function openSettings({ phone }: Exchange): Promise<void> {
  phone.layers.open('settings');
  await until(() => document.querySelector('[role="dialog"]') !== null);
}

async function enterPin(exchange: Exchange, answer: Response): Promise<void> {
  fillScreen(exchange);
  await openSettings(exchange);
  exchange.answers.set(`POST ${api.unlockStation.path}`, answer);
  await exchange.phone.kiosk.unlock(PIN, new AbortController().signal);
}

function refused(detail: string, code: Problem['code']): Response {
  const problem: Problem = { type: 'about:blank', title: 'Forbidden', status: 403, detail, code };
  return Response.json(problem, { status: problem.status });
}

const CODE: StationCodeView = {
  url: 'https://perch.example.com/sign-in#Zm9vYmFyYmF6cXV4Zm9v',
  page: 'https://perch.example.com/sign-in',
  typed: 'WDJBMJHT',
  validMs: 60_000,
  onlyHere: false,
};

/** What a station in a shared place shows, and asks. */
export const KIOSK_SCENES: Readonly<Record<string, Scene>> = {
  'a kiosk that has left full screen': {
    at: 'station',
    play: async (exchange) => {
      exchange.tell({ kiosk: true });
      await until(() => document.querySelector('body > button') !== null);
    },
  },
  'a kiosk asks for its PIN': {
    at: 'station',
    play: async (exchange) => {
      fillScreen(exchange);
      await openSettings(exchange);
    },
  },
  'a wrong PIN of a kiosk': {
    at: 'station',
    play: (exchange) => enterPin(exchange, refused('That PIN is wrong.', 'wrong-pin')),
  },
  'a kiosk that takes no PIN': {
    at: 'station',
    play: async (exchange) => {
      fillScreen(exchange);
      exchange.tell({ pinLockedUntil: Date.now() + 900_000 });
      await openSettings(exchange);
    },
  },
  'a kiosk, unlocked': {
    at: 'station',
    play: (exchange) => enterPin(exchange, new Response(null, { status: 204 })),
  },
  'the code of a station': {
    at: 'station',
    play: async (exchange) => {
      exchange.answers.set(`POST ${api.issueStationCode.path}`, Response.json(CODE));
      exchange.phone.layers.open('station-code');
      await until(() => document.querySelector('[role="dialog"] [role="img"]') !== null);
    },
  },
  'the code of a station that only its own browser can open': {
    at: 'station',
    play: async (exchange) => {
      exchange.answers.set(`POST ${api.issueStationCode.path}`, Response.json({ ...CODE, onlyHere: true }));
      exchange.phone.layers.open('station-code');
      await until(() => document.querySelector('[role="dialog"] .only-here') !== null);
    },
  },
};
