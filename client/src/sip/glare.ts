import Dialog, {
  type Dialog as DialogState,
  type EventHandlers,
  type IncomingRequest,
  type IncomingResponse,
} from 'jssip/lib/Dialog';
import type { World } from '../world/world.ts';
import DialogRequestSender, { type RequestSender } from 'jssip/lib/Dialog/RequestSender';
import { after } from '../world/timers.ts';

const MOST_TRIES = 4;
/** How soon to try again where the other side's offer is being answered, if that has no ACK (milliseconds). */
const BUSY_MS = 500;

/** How often an offer has collided, by its handlers, which stay the same over all its attempts. */
const collisions = new WeakMap<EventHandlers, number>();
/** Offers that wait for another attempt, by their dialogs: what makes it at once. */
const waiting = new WeakMap<DialogState, () => void>();

/**
 * Patches what JsSIP does when two offers cross (RFC 3261 §14.1, §14.2): it answers 491 and yet takes the offer, and it
 * sends its own stale offer again under the old CSeq. Once the other side's offer is settled there is nothing left to collide with, and ours
 * follows at once.
 */
export function mendGlare({ fraction }: Pick<World, 'fraction'>): void {
  const check = Dialog.prototype._checkInDialogRequest; // eslint-disable-line @typescript-eslint/unbound-method -- called with its own `this` below
  const receive = DialogRequestSender.prototype._receiveResponse; // eslint-disable-line @typescript-eslint/unbound-method -- called with its own `this` below

  Object.assign(Dialog.prototype, {
    _checkInDialogRequest(this: DialogState, request: IncomingRequest): boolean {
      const crossed = isOffer(request) && this.uac_pending_reply;
      const isTaken = check.call(this, request) && !crossed;
      if (request.method === 'ACK') waiting.get(this)?.();
      return isTaken;
    },
  });

  Object.assign(DialogRequestSender.prototype, {
    _receiveResponse(this: RequestSender, response: IncomingResponse): void {
      if (response.method !== 'INVITE' || response.status_code !== 491) {
        receive.call(this, response);
        return;
      }
      const tries = (collisions.get(this._eventHandlers) ?? 0) + 1;
      collisions.set(this._eventHandlers, tries);
      if (tries > MOST_TRIES) this._eventHandlers.onErrorResponse(response);
      else attemptAnew(this, pauseMs(this._dialog.owner.direction === 'outgoing', fraction()));
    },
  });
}

const isOffer = (request: IncomingRequest): boolean =>
  request.method === 'INVITE' || (request.method === 'UPDATE' && Boolean(request.body));

/** Who made the Call-ID waits 2.1 to 4 s, the other side 0 to 2 s (RFC 3261 §14.1). */
const pauseMs = (ownsCallId: boolean, chance: number): number =>
  ownsCallId ? 2_100 + chance * 1_900 : chance * 2_000;

/** After the pause, or as soon as an offer of the other side has been acknowledged. */
function attemptAnew(sender: RequestSender, pause: number): void {
  const attempt = (): void => {
    cancel();
    waiting.delete(sender._dialog);
    // Not before JsSIP has taken the ACK.
    after(0, () => void offerAnew(sender));
  };
  const cancel = after(pause, attempt);
  waiting.set(sender._dialog, attempt);
}

/** The other offer may have changed the session meanwhile: asks for it as it is now, in a request of its own. */
async function offerAnew(sender: RequestSender): Promise<void> {
  const { _dialog, _request, _eventHandlers } = sender;
  const session = _dialog.owner;
  if (session.isEnded()) return;
  const isBusy = _dialog.uas_pending_reply;
  // A browser makes no offer in the middle of an answer, either.
  const offer = isBusy ? null : await session._createLocalDescription('offer', null).catch(() => null);
  if (session.isEnded()) return;
  if (offer === null) {
    attemptAnew(sender, BUSY_MS);
    return;
  }
  _dialog.sendRequest('INVITE', {
    extraHeaders: _request.extraHeaders,
    eventHandlers: _eventHandlers,
    body: session._mangleOffer(offer),
  });
}
