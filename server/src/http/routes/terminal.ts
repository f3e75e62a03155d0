import { api, callId } from '@perch/shared';
import type { EnrolledTerminal } from '@perch/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Extension } from '../../exchange/contract/extensions.ts';
import { keptBrowser } from '../../management/browser.ts';
import { Refusal } from '../../management/refusal.ts';
import { noteComing } from '../audited.ts';
import { changePace } from '../access/change-pace.ts';
import { failureLimit } from '../access/failure-limit.ts';
import { baseUrlOf, sipUrl } from '../links.ts';
import { operation } from '../operation.ts';
import type { HttpOptions, HttpPorts } from '../ports.ts';
import { browserOf } from '../access/visiting-browser.ts';
import { TURN_SECONDS, turnCredentials } from '../turn-credentials.ts';

/** What a page may say of itself in a minute, all in all: each report reaches everybody who looks at the floor. */
const MOST_REPORTS = 60;

const IN_KIOSK_MODE = new Refusal(
  'in-kiosk-mode',
  'This station is in kiosk mode: only the PIN of the stations lets it be signed out.',
);

/** What a browser that is a phone, or is about to become one, sees and does. */
export function terminalRoutes(
  app: FastifyInstance,
  { publicUrl, iceServers, turn }: HttpOptions,
  { management, journal, clock }: HttpPorts,
): void {
  const { terminals, extensions, exchanges, stationPins } = management;
  const limit = failureLimit(app, 30);
  const paced = changePace(app, MOST_REPORTS);

  const connectionOf = (request: FastifyRequest, owner: Extension) => ({
    sip: {
      url: sipUrl(baseUrlOf(request, publicUrl)),
      domain: extensions.organization(owner.organization).domain,
    },
    iceServers: [...iceServers, ...(turn ? [turnCredentials(turn, owner.number, clock.now())] : [])],
    ...(turn && { iceSeconds: TURN_SECONDS }),
  });

  // The hook has already refused requests of other origins.
  operation(app, management, api.checkOrigin, () => undefined);

  operation(app, management, api.redeemEnrolment, async ({ body, request }) => {
    const browser = browserOf(request);
    const redeemed = await limit(request, () =>
      noteComing(management, api.redeemEnrolment, request.arrival.visitor, (came) =>
        terminals.redeem(body.code, browser, ({ organization, number }) =>
          came({ organization, email: number }, { browser: browser.browser }),
        ),
      ),
    );
    if (redeemed instanceof Refusal) return redeemed;
    const { token, owner } = redeemed;
    journal.enrolled(owner.number, request.arrival.visitor);
    const kind = owner.kind === 'station' ? 'station' : 'phone';
    const enrolled: EnrolledTerminal = { token, number: owner.number, kind, ...connectionOf(request, owner) };
    return enrolled;
  });

  operation(app, management, api.terminal, async ({ caller, request }) => {
    const view = await exchanges.of(caller.organization).view(caller.terminal);
    if (!view) return new Refusal('terminal-unknown', 'The extension of this phone is gone.');
    return { view, ...connectionOf(request, caller.owner) };
  });

  operation(app, management, api.undo, async ({ caller }) => {
    const outcome = await exchanges.of(caller.organization).undo(caller.terminal);
    if (outcome !== 'nothing-to-do') return undefined;
    return new Refusal('nothing-to-undo', 'The last change on this phone can no longer be undone.');
  });

  operation(app, management, api.extendStay, async ({ caller, note }) => {
    const control = exchanges.of(caller.organization);
    const occupancy = (await control.view(caller.terminal))?.occupancy;
    if (occupancy?.kind === 'guest') note({ about: occupancy.guest.number });
    if ((await control.extendStay(caller.terminal)) === 'done') return undefined;
    return new Refusal('nothing-to-extend', 'No stay on this phone ends soon, or it was extended before.');
  });

  operation(app, management, api.returnFromTerminal, async ({ caller }) => {
    const outcome = await exchanges.of(caller.organization).returnFromTerminal(caller.terminal);
    if (outcome !== 'nothing-to-do') return undefined;
    return new Refusal('nothing-to-return', 'Nobody is away from home or a guest on this phone.');
  });

  operation(app, management, api.confer, async ({ caller, body }) => {
    const [first, second] = body.calls;
    const conferred = await exchanges
      .of(caller.organization)
      .confer(caller.terminal, [callId(first), callId(second)]);
    switch (conferred) {
      case 'done':
        return undefined;
      case 'no-such-call':
        return new Refusal('not-found', 'One of the two calls is over.');
      case 'not-now':
        return new Refusal('calls-busy', 'These calls cannot be joined now.');
      case 'full':
        return new Refusal('conference-full', 'The conference is full.');
    }
  });

  operation(app, management, api.takeBack, async ({ caller, body }) => {
    const takenBack = await exchanges.of(caller.organization).takeBack(caller.terminal, callId(body.call));
    switch (takenBack) {
      case 'done':
        return undefined;
      case 'no-such-call':
        return new Refusal('not-found', 'The call is over.');
      case 'too-late':
        return new Refusal('transfer-over', 'The call no longer rings there.');
    }
  });

  /** `undefined` where it was taken. */
  const report = async (request: FastifyRequest, tell: () => Promise<'done'>) => {
    const told = await paced(request, tell);
    return told === 'done' ? undefined : told;
  };

  operation(app, management, api.reportCheck, ({ caller, body, request }) =>
    report(request, () => exchanges.of(caller.organization).reportCheck(caller.terminal, body)),
  );

  operation(app, management, api.reportFault, ({ caller, body, request }) =>
    report(request, () => exchanges.of(caller.organization).reportFault(caller.terminal, body)),
  );

  operation(app, management, api.reportPage, ({ caller, body, request }) => {
    const { browser } = keptBrowser(browserOf(request));
    return report(request, () =>
      exchanges.of(caller.organization).reportPage(caller.terminal, body, browser),
    );
  });

  operation(app, management, api.unlockStation, async ({ caller, body, request }) => {
    const answer = await limit(request, () => stationPins.unlock(caller, body.pin));
    journal.stationPinTried(caller.owner.number, request.arrival.visitor, answer?.code);
    return answer;
  });

  operation(app, management, api.lockStation, ({ caller }) => {
    stationPins.lock(caller);
    return undefined;
  });

  operation(app, management, api.leaveTerminal, async ({ caller }) => {
    if (stationPins.isLocked(caller)) return IN_KIOSK_MODE;
    await terminals.revoke(caller.token);
    return undefined;
  });
}
