import { assertNever } from '@perch/shared';

/** Why a call is over, for the sentence that is shown. */
export type Ending =
  | 'here'
  | 'there'
  | 'busy'
  | 'declined'
  | 'no-answer'
  | 'not-available'
  | 'no-such-number'
  | 'not-allowed'
  /** Answered on another phone. */
  | 'elsewhere'
  /** It rings on another phone, or once more on this one. */
  | 'moved'
  /** The line or the sound of this phone broke. */
  | 'connection'
  /** The other phone was lost. */
  | 'lost'
  /** The page of the other phone was reloaded. */
  | 'reloaded'
  | 'failed';

/** Whether sound flows, according to the peer connection. */
export type MediaState = 'connecting' | 'flowing' | 'interrupted';

/** One call of this phone, from its beginning to its end. */
export type Call =
  | { readonly kind: 'dialling' }
  | { readonly kind: 'alerting'; readonly earlyMedia: boolean }
  | { readonly kind: 'offered' }
  | { readonly kind: 'answering' }
  | { readonly kind: 'talking'; readonly since: number; readonly media: MediaState }
  | { readonly kind: 'over'; readonly ending: Ending };

export type CallEvent =
  | { readonly kind: 'progress'; readonly earlyMedia: boolean }
  | { readonly kind: 'answer' }
  | { readonly kind: 'hang-up' }
  /** The ringing call is to leave a message. */
  | { readonly kind: 'to-voicemail' }
  /** The ringing call can no longer be answered, even if it is just being answered, and has not been declined here. */
  | { readonly kind: 'withdrawn'; readonly ending: Ending }
  | { readonly kind: 'accepted'; readonly now: number }
  /** The server no longer has it, and its BYE has not come through. */
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'media'; readonly media: MediaState }
  | { readonly kind: 'over'; readonly ending: Ending };

/** `reject`: a person declines; `divert`: lets the caller leave a message; `drop`: it was not answered here. */
export type CallEffect = 'accept' | 'reject' | 'divert' | 'drop' | 'terminate';

/** One step of a call. An event that does not fit the state changes nothing. */
export function step(call: Call, event: CallEvent): readonly [Call, readonly CallEffect[]] {
  if (call.kind === 'over') return [call, []];
  switch (event.kind) {
    case 'progress':
      if (call.kind !== 'dialling' && call.kind !== 'alerting') return [call, []];
      return [
        { kind: 'alerting', earlyMedia: event.earlyMedia || (call.kind === 'alerting' && call.earlyMedia) },
        [],
      ];
    case 'answer':
      return call.kind === 'offered' ? [{ kind: 'answering' }, ['accept']] : [call, []];
    case 'hang-up':
      return [{ kind: 'over', ending: 'here' }, [call.kind === 'offered' ? 'reject' : 'terminate']];
    case 'to-voicemail':
      return call.kind === 'offered' ? [{ kind: 'over', ending: 'here' }, ['divert']] : [call, []];
    case 'withdrawn':
      if (call.kind !== 'offered' && call.kind !== 'answering') return [call, []];
      return [{ kind: 'over', ending: event.ending }, ['drop']];
    case 'accepted':
      if (call.kind === 'talking' || call.kind === 'offered') return [call, []];
      return [{ kind: 'talking', since: event.now, media: 'connecting' }, []];
    case 'media':
      return call.kind === 'talking' ? [{ ...call, media: event.media }, []] : [call, []];
    case 'forgotten':
      return call.kind === 'talking' ? [{ kind: 'over', ending: 'connection' }, ['terminate']] : [call, []];
    case 'over':
      return [{ kind: 'over', ending: event.ending }, []];
    default:
      return assertNever(event);
  }
}

export type ProgressTone = 'ringback' | 'busy' | 'none';

/** The tone that belongs to a call, made here unless the network sends its own (ITU-T E.180). */
export function toneOf(call: Call): ProgressTone {
  if (call.kind === 'alerting') return call.earlyMedia ? 'none' : 'ringback';
  if (call.kind === 'over' && call.ending === 'busy') return 'busy';
  return 'none';
}

/**
 * What the Reason of a CANCEL or BYE means (RFC 3326); `undefined` where it only says that the other side has hung
 * up. With cause 200 the call goes on without this phone.
 */
export function endingOfReason(reason: string): Ending | undefined {
  const cause = /^\s*SIP\b.*;\s*cause\s*=\s*(\d+)/i.exec(reason)?.[1];
  switch (cause) {
    case '200':
      return /\btext\s*=/i.test(reason) && !/elsewhere/i.test(reason) ? 'moved' : 'elsewhere';
    case '408':
      return 'lost';
    case '481':
      return 'reloaded';
    // The server was started anew in a call that it could not go on with.
    case '503':
      return 'connection';
    case '600':
    case '603':
      return 'declined';
    default:
      return undefined;
  }
}

/** What a refusal means to the caller (RFC 3261 §21). */
export function endingOf(status: number): Ending {
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 603:
      return 'declined';
    case 408:
    case 487:
      return 'no-answer';
    case 404:
    case 484:
    case 604:
      return 'no-such-number';
    case 403:
      return 'not-allowed';
    case 410:
    case 430:
    case 480:
      return 'not-available';
    default:
      return 'failed';
  }
}
