import {
  assertNever,
  type CallAttempt,
  type CallRecord,
  type CallResult,
  isWithheld,
  type Party,
  serviceOf,
} from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';
import type { Step } from '../../../phone/records/timeline.ts';
import { durationOf, lengthInWords, timeOf } from '../../../ui/moments.ts';

/** A step of a call, in a sentence. */
export function sentenceOf(step: Step): string {
  switch (step.kind) {
    case 'called': {
      const { dialled, desk } = step;
      const who = nameOf(step.who);
      return desk === null ? m.tl_called({ who, dialled }) : m.tl_called_at({ who, dialled, desk });
    }
    case 'transferred':
      return m.tl_transferred({ who: nameOf(step.who), to: nameOf(step.to) });
    case 'guest': {
      const { number } = step.who;
      const { desk, since } = step;
      return since === null
        ? m.tl_guest({ number, desk })
        : m.tl_guest_since({ number, desk, since: timeOf(since) });
    }
    case 'home':
      return m.tl_home({ who: nameOf(step.who) });
    case 'homeless': {
      const occupant = nameOf(step.occupant);
      return m.tl_homeless({ occupant, who: nameOf(step.who) });
    }
    case 'result':
      return resultOf(step.result, nameOf(step.who), lengthInWords(step.ms));
    case 'forwarded':
      return m.tl_forwarded({ to: step.to });
    case 'picked-up':
      return m.tl_picked_up({ who: nameOf(step.who) });
    case 'taken-up':
      return step.desk === null
        ? m.tl_taken_up({ who: nameOf(step.who) })
        : m.tl_taken_up_at({ who: nameOf(step.who), desk: step.desk });
    case 'joined':
      return m.tl_joined({ who: nameOf(step.who) });
    case 'parked':
      return m.tl_parked({ who: nameOf(step.who) });
    case 'mailbox': {
      const who = nameOf(step.who);
      return step.messageMs === null
        ? m.tl_mailbox({ who })
        : m.tl_mailbox_message({ who, duration: lengthInWords(step.messageMs) });
    }
    case 'no-call':
      return m.tl_no_call({ result: resultWord(step.result) });
    case 'ended':
      return m.tl_ended({ who: nameOf(step.who), duration: durationOf(step.ms) });
    case 'lost':
      return m.tl_lost({ duration: durationOf(step.ms) });
    case 'claimed':
      return m.tl_claimed({ who: nameOf(step.who), from: nameOf(step.from) });
    case 'over':
      return m.tl_over({ duration: durationOf(step.ms) });
    default:
      return assertNever(step);
  }
}

function resultOf(result: CallAttempt['result'], who: string, duration: string): string {
  switch (result) {
    case 'answered':
      return m.tl_answered({ who, duration });
    case 'no-answer':
      return m.tl_no_answer({ duration });
    case 'cancelled':
      return m.tl_cancelled({ duration });
    case 'declined':
    case 'refused':
      return m.tl_declined({ who });
    case 'busy':
      return m.tl_busy({ who });
    case 'do-not-disturb':
      return m.tl_do_not_disturb({ who });
    case 'forwarded':
      return m.tl_forwards_always({ who });
    case 'forward-loop':
      return m.tl_forward_loop();
    case 'moved':
      return m.tl_moved({ who });
    case 'asleep':
      return m.tl_asleep();
    case 'offline':
    case 'base-offline':
      return m.tl_offline();
    default:
      return m.tl_not_rung({ who, result: resultWord(result) });
  }
}

const nameOf = (party: Party): string =>
  isWithheld(party)
    ? m.number_withheld()
    : ([party.name, party.number].find((text) => text !== '') ?? m.somebody());

const RESULTS: { readonly [result in CallRecord['result'] | CallAttempt['result']]: () => string } = {
  answered: m.result_answered,
  cancelled: m.result_cancelled,
  lost: m.result_lost,
  transferred: m.result_transferred,
  busy: m.result_busy,
  declined: m.result_declined,
  refused: m.result_declined,
  'no-answer': m.result_no_answer,
  'do-not-disturb': m.result_do_not_disturb,
  'forward-loop': m.result_forward_loop,
  forwarded: m.result_forwarded,
  offline: m.result_offline,
  'base-offline': m.result_base_offline,
  asleep: m.result_asleep,
  moved: m.result_moved,
  homeless: m.result_homeless,
  'desk-in-use': m.result_desk_in_use,
  suspended: m.result_suspended,
  self: m.result_self,
  'no-such-number': m.result_no_such_number,
  'no-such-code': m.result_no_such_code,
  locked: m.result_locked,
  'no-emergency-route': m.result_no_emergency_route,
  'not-acceptable': m.result_not_acceptable,
  'too-many-calls': m.result_too_many,
  'too-many-visits': m.result_too_many,
  overloaded: m.result_overloaded,
};

/** How a call ended, in a word or two. */
export const resultWord = (result: keyof typeof RESULTS): string => RESULTS[result]();

/** The same in a list of all, where no two may be alike. */
export function resultInList(result: CallResult): string {
  switch (result) {
    case 'refused':
      return m.result_refused_listed();
    case 'too-many-visits':
      return m.result_too_many_visits();
    default:
      return resultWord(result);
  }
}

/** What is dialled by that number, where that is a service of the server; else nothing. */
export function serviceInWords(number: string): string {
  switch (serviceOf(number)?.name) {
    case 'center':
      return m.service_center();
    case 'echo':
      return m.service_echo();
    case 'voicemail':
      return m.service_voicemail();
    default:
      return '';
  }
}
