import type { SipRequest } from '../../src/sip/message/message.ts';
import type { Dialogs } from './dialogs.ts';
import type { Line } from './line.ts';
import type { Session } from './session.ts';

/** What the server asks within a dialog. */
export function answerWithin(dialogs: Dialogs, session: Session, request: SipRequest): void {
  session.label(request);
  switch (request.method) {
    case 'ACK':
      session.isAcknowledged = true;
      if (session.awaitsAnswer) session.hear(request.body);
      session.awaitsAnswer = false;
      return;
    case 'BYE':
      dialogs.line.respond(request, '200 OK');
      session.endings += 1;
      dialogs.over(session);
      return;
    case 'CANCEL': {
      const { invite } = session;
      dialogs.line.respond(request, '200 OK', { tag: session.local });
      if (session.state !== 'ringing' || invite === undefined) return;
      session.endings += 1;
      session.finals += 1;
      dialogs.line.respond(invite, '487 Request Terminated', { tag: session.local });
      dialogs.over(session);
      return;
    }
    case 'INVITE':
    case 'UPDATE':
      answerOffer(dialogs.line, session, request);
      return;
    default:
      dialogs.line.respond(request, '200 OK');
  }
}

function answerOffer(line: Line, session: Session, request: SipRequest): void {
  if (session.offering !== undefined || session.awaitsAnswer) {
    line.respond(request, '491 Request Pending');
    return;
  }
  if (request.method === 'UPDATE' && request.body === '') {
    line.respond(request, '200 OK');
    return;
  }
  const body = request.body === '' ? session.offer() : session.answer(request.body);
  session.awaitsAnswer = request.body === '' && request.method === 'INVITE';
  line.respond(request, '200 OK', { body });
}
