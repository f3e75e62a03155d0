import * as z from 'zod/mini';
import { party } from '../terminal-view.ts';
import type { Endpoint } from './api-endpoint.ts';

/** What a station shows, so that somebody signs in there with their own phone. */
export const stationCode = z
  .object({
    /** For a camera: the address of a page, with the code behind the `#`. */
    url: z.string(),
    /** The page on which the code can be typed. */
    page: z.string(),
    /** Eight letters; small ones, spaces and hyphens do not matter. */
    typed: z.string(),
    /** How long it can be used from now on (milliseconds). */
    validMs: z.int(),
    /** The address leads any other device to itself: the station was opened by `localhost`, and the server has no public address. */
    onlyHere: z.boolean(),
  })
  .register(z.globalRegistry, { id: 'StationCode' });
export type StationCodeView = z.infer<typeof stationCode>;

/** The station of a code. */
export const codedStation = z
  .object({
    station: party,
    /** Who would move there: the owner of the phone that asks, as they are called now. */
    agent: party,
    /** Where it stands, in words. */
    place: z.nullable(z.string()),
    /** Who is there, and would return to their own phone. */
    guest: z.nullable(party),
  })
  .register(z.globalRegistry, { id: 'CodedStation' });
export type CodedStation = z.infer<typeof codedStation>;

/** As it was scanned or typed. */
const withCode = z.object({ code: z.string().check(z.minLength(1), z.maxLength(64)) });

/** Sign-in at a station from one's own phone. Codes are in bodies only: addresses are logged by what is between. */
export const stationCodesApi = {
  issueStationCode: {
    method: 'POST',
    path: '/api/terminal/station-code',
    access: 'terminal',
    summary:
      'A one-time code for this terminal to show, with which somebody signs in here from their own phone; the earlier one can no longer be used, unless somebody is about to confirm it.',
    response: stationCode,
  },
  withdrawStationCode: {
    method: 'DELETE',
    path: '/api/terminal/station-code',
    access: 'terminal',
    summary: 'This terminal no longer shows a code.',
  },
  lookUpStation: {
    method: 'POST',
    path: '/api/terminal/sign-in/station',
    access: 'terminal',
    summary: 'Which station it is whose code was scanned or typed at this phone. Changes nothing.',
    body: withCode,
    response: codedStation,
  },
  signInAtStation: {
    method: 'POST',
    path: '/api/terminal/sign-in',
    access: 'terminal',
    summary:
      'Moves the owner of this phone to the station of that code, as dialling there with their secret code does.',
    body: withCode,
  },
} as const satisfies Record<string, Endpoint>;
