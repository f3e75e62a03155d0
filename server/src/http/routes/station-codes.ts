import { stationCodesApi } from '@perch/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CodeRefusal } from '../../exchange/contract/station-codes.ts';
import { Refusal } from '../../management/refusal.ts';
import { changePace } from '../access/change-pace.ts';
import { failureLimit } from '../access/failure-limit.ts';
import { terminalToken } from '../access/terminal-token.ts';
import { baseUrlOf, isOnlyHere, signInUrl } from '../links.ts';
import { operation } from '../operation.ts';
import type { HttpOptions, HttpPorts } from '../ports.ts';

/** Codes that a station may ask for in a minute: one lasts that long. */
const MOST_CODES = 30;
/** Wrong codes in a minute: of one phone, from whichever of its browsers, and of one network. */
const MOST_WRONG_OF_PHONE = 10;
const MOST_WRONG_OF_NETWORK = 30;

const NOT_ALLOWED = new Refusal('desk-not-allowed', 'Nobody can sign in at that phone.');

/** In the words of the person at the phone that asks. */
export const REFUSALS: Readonly<Record<CodeRefusal, Refusal>> = {
  'unknown-code': new Refusal(
    'link-invalid',
    'No station shows that code. Scan it again, or check the letters.',
  ),
  expired: new Refusal('link-invalid', 'That code has expired. Scan the one that the station shows now.'),
  used: new Refusal(
    'link-invalid',
    'Somebody has signed in with that code already. Scan the one that the station shows now.',
  ),
  gone: new Refusal(
    'link-invalid',
    'The station does not show that code any more. Scan the one that it shows now.',
  ),
  overtaken: new Refusal('link-invalid', 'Somebody else has come to that station since it showed this code.'),
  'not-allowed': NOT_ALLOWED,
  'station-busy': new Refusal('calls-busy', 'There is a call at that station. Sign in when it is over.'),
  'station-locked': new Refusal(
    'too-many-requests',
    'Too many wrong codes were entered at that station. For a while, nobody can sign in there.',
  ),
  'emergency-call': new Refusal('emergency-call', 'There is an emergency call. Sign in when it is over.'),
  'not-own-phone': new Refusal(
    'not-own-phone',
    'You sign in at a station from your own phone only, while nobody else is on it.',
  ),
  'no-secret-code': new Refusal(
    'forbidden',
    'Your extension has no secret code, so it cannot be moved to another phone. Set one in the settings of your phone.',
  ),
  'extension-locked': new Refusal(
    'too-many-requests',
    'Too many wrong codes were entered for your extension. Lift the lock in the settings of your phone, or wait until it is over.',
  ),
};

const isRefusal = (answer: unknown): answer is CodeRefusal => typeof answer === 'string';

/** Sign-in at a station without typing a secret there: the station shows a code, and the person confirms it at their own phone. */
export function stationCodeRoutes(
  app: FastifyInstance,
  { publicUrl }: HttpOptions,
  { management }: HttpPorts,
): void {
  const { exchanges, terminals } = management;
  const paced = changePace(app, MOST_CODES);
  const ofPhone = (request: FastifyRequest): string => {
    const browser = terminals.authenticate(terminalToken(request));
    return browser instanceof Refusal ? '' : browser.terminal;
  };
  const limitOfPhone = failureLimit(app, MOST_WRONG_OF_PHONE, ofPhone);
  const limitOfNetwork = failureLimit(app, MOST_WRONG_OF_NETWORK);
  /** An office has one address: only codes that no station has shown count there. */
  const limited = async <Answer>(
    request: FastifyRequest,
    attempt: () => Promise<Answer | CodeRefusal>,
  ): Promise<Exclude<Answer, CodeRefusal> | Refusal> =>
    limitOfPhone(request, async () => {
      const outcome = await limitOfNetwork(request, async () => {
        const answer = await attempt();
        return isRefusal(answer) && answer === 'unknown-code' ? REFUSALS[answer] : { answer };
      });
      if (outcome instanceof Refusal) return outcome;
      const { answer } = outcome;
      return isRefusal(answer) ? REFUSALS[answer] : (answer as Exclude<Answer, CodeRefusal>);
    });

  operation(app, management, stationCodesApi.issueStationCode, ({ caller, request }) =>
    paced(request, async () => {
      const issued = await exchanges.of(caller.organization).issueStationCode(caller.terminal);
      if (issued === 'not-allowed') return NOT_ALLOWED;
      const { link, typed, validMs } = issued;
      const page = signInUrl(baseUrlOf(request, publicUrl));
      return { url: `${page}#${link}`, page, typed, validMs, onlyHere: isOnlyHere(page) };
    }),
  );

  operation(app, management, stationCodesApi.withdrawStationCode, async ({ caller }) => {
    await exchanges.of(caller.organization).withdrawStationCode(caller.terminal);
    return undefined;
  });

  operation(app, management, stationCodesApi.lookUpStation, ({ caller, body, request }) =>
    limited(request, () => exchanges.of(caller.organization).lookUpStation(caller.terminal, body.code)),
  );

  operation(app, management, stationCodesApi.signInAtStation, ({ caller, body, request }) =>
    limited(request, async () => {
      const done = await exchanges.of(caller.organization).signInAtStation(caller.terminal, body.code);
      return done === 'done' ? undefined : done;
    }),
  );
}
