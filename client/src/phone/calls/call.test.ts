import { expect, test } from 'vitest';
import {
  type Call,
  type CallEffect,
  type CallEvent,
  type Ending,
  endingOf,
  endingOfReason,
  step,
  toneOf,
} from './call.ts';

const talking: Call = { kind: 'talking', since: 5, media: 'flowing' };
const over = (ending: Ending): Call => ({ kind: 'over', ending });

test.for<readonly [string, Call, CallEvent, Call, readonly CallEffect[]]>([
  [
    'a ringing other side',
    { kind: 'dialling' },
    { kind: 'progress', earlyMedia: false },
    { kind: 'alerting', earlyMedia: false },
    [],
  ],
  [
    'early media stays when 180 follows 183',
    { kind: 'alerting', earlyMedia: true },
    { kind: 'progress', earlyMedia: false },
    { kind: 'alerting', earlyMedia: true },
    [],
  ],
  [
    'an answer without any ringing',
    { kind: 'dialling' },
    { kind: 'accepted', now: 5 },
    { kind: 'talking', since: 5, media: 'connecting' },
    [],
  ],
  ['answering', { kind: 'offered' }, { kind: 'answer' }, { kind: 'answering' }, ['accept']],
  ['answering twice', { kind: 'answering' }, { kind: 'answer' }, { kind: 'answering' }, []],
  ['answering what is over', over('there'), { kind: 'answer' }, over('there'), []],
  [
    'answered, and the ACK on its way',
    { kind: 'answering' },
    { kind: 'accepted', now: 5 },
    { kind: 'talking', since: 5, media: 'connecting' },
    [],
  ],
  ['a second 200 does not set the clock back', talking, { kind: 'accepted', now: 9 }, talking, []],
  ['declining', { kind: 'offered' }, { kind: 'hang-up' }, over('here'), ['reject']],
  ['sending to voicemail', { kind: 'offered' }, { kind: 'to-voicemail' }, over('here'), ['divert']],
  ['sending to voicemail what has been answered', talking, { kind: 'to-voicemail' }, talking, []],
  ['giving up', { kind: 'alerting', earlyMedia: false }, { kind: 'hang-up' }, over('here'), ['terminate']],
  ['hanging up', talking, { kind: 'hang-up' }, over('here'), ['terminate']],
  ['hanging up when the other side just did', over('there'), { kind: 'hang-up' }, over('there'), []],
  [
    'a ring that was lost with the line is not declined',
    { kind: 'offered' },
    { kind: 'withdrawn', ending: 'connection' },
    over('connection'),
    ['drop'],
  ],
  [
    'a ring that is lost with the line while the browser asks for the microphone',
    { kind: 'answering' },
    { kind: 'withdrawn', ending: 'connection' },
    over('connection'),
    ['drop'],
  ],
  ['a ring that was answered here meanwhile', talking, { kind: 'withdrawn', ending: 'there' }, talking, []],
  ['a call that the server no longer has', talking, { kind: 'forgotten' }, over('connection'), ['terminate']],
  [
    'a ring that the server no longer has',
    { kind: 'offered' },
    { kind: 'forgotten' },
    { kind: 'offered' },
    [],
  ],
  ['the caller gives up', { kind: 'offered' }, { kind: 'over', ending: 'there' }, over('there'), []],
  [
    'sound breaks, the call does not',
    talking,
    { kind: 'media', media: 'interrupted' },
    { kind: 'talking', since: 5, media: 'interrupted' },
    [],
  ],
  [
    'sound before the answer',
    { kind: 'dialling' },
    { kind: 'media', media: 'flowing' },
    { kind: 'dialling' },
    [],
  ],
])('%s', ([, from, event, to, effects]) => {
  expect(step(from, event)).toEqual([to, effects]);
});

test.for<readonly [Call, string]>([
  [{ kind: 'alerting', earlyMedia: false }, 'ringback'],
  [{ kind: 'alerting', earlyMedia: true }, 'none'],
  [over('busy'), 'busy'],
  [over('declined'), 'none'],
  [talking, 'none'],
])('%o sounds like %s', ([call, tone]) => {
  expect(toneOf(call)).toBe(tone);
});

test.for<readonly [string, Ending | undefined]>([
  ['SIP;cause=200;text="Call completed elsewhere"', 'elsewhere'],
  ['SIP ;cause=200', 'elsewhere'],
  ['SIP;cause=200;text="Extension is on another phone"', 'moved'],
  ['SIP;cause=200;text="Rings again on the same phone"', 'moved'],
  ['SIP;cause=603;text="Declined on another phone"', 'declined'],
  ['SIP;cause=408;text="The other phone was lost"', 'lost'],
  ['SIP;cause=503;text="The server was started anew"', 'connection'],
  ['SIP;cause=481;text="The page was loaded anew"', 'reloaded'],
  ['SIP;cause=487;text="Caller hung up"', undefined],
  ['Q.850;cause=16;text="Normal clearing"', undefined],
  ['', undefined],
])('the Reason %j means %s', ([reason, ending]) => {
  expect(endingOfReason(reason)).toBe(ending);
});

test.for<readonly [number, Ending]>([
  [486, 'busy'],
  [600, 'busy'],
  [603, 'declined'],
  [408, 'no-answer'],
  [487, 'no-answer'],
  [404, 'no-such-number'],
  [403, 'not-allowed'],
  [480, 'not-available'],
  [500, 'failed'],
])('%i means %s', ([status, ending]) => {
  expect(endingOf(status)).toBe(ending);
});
