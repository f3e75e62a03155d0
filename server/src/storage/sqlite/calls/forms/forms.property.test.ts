import {
  attemptResult,
  callId,
  type CallPart,
  type CallRecord,
  callResult,
  extensionId,
  extensionNumber,
  terminalId,
} from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallAccount } from '../../../../exchange/call/records/account.ts';
import type { CallParty, CallPerson, CallService, StoredCall } from '../../../../exchange/ports.ts';
import { callForm, readCall } from './call-form.ts';
import { recordForm, readRecord } from './record-form.ts';

/*
 * Everything that is stored is read again as it was: also the unlikely, such as the same extension by another name, at a desk that has been renamed,
 * or a station that none of the parties is at.
 */

// Few values, so that parties are often the same and often differ in one respect.
const extension = fc.constantFrom('e1', 'e2');
const terminal = fc.constantFrom('t1', 't2');
const named = fc.record({
  number: fc.constantFrom('101', '102', ''),
  name: fc.constantFrom('Ada', '"Ben"\n'),
});
const instant = fc.integer({ min: -5, max: 2_000_000_000_000 });
const duration = fc.nat(100_000);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const desk = maybe(
  fc.tuple(named, maybe(fc.constantFrom(1, 2))).map(([there, since]) => ({ ...there, since })),
);
const party = fc
  .tuple(named, fc.record({ extension: maybe(extension), terminal: maybe(terminal), desk }), fc.boolean())
  .map(([who, where, isWithheld]) => ({
    ...who,
    ...where,
    ...(isWithheld && { withheld: true as const }),
  }));

const attempt = fc
  .tuple(
    party,
    fc.record(
      {
        ...{ at: instant, rangAt: maybe(instant), endedAt: instant, by: maybe(named), occupant: desk },
        result: fc.constantFrom(...attemptResult.options),
        forwarded: fc.constantFrom('102', ''),
      },
      { requiredKeys: ['at', 'rangAt', 'endedAt', 'by', 'occupant', 'result'] },
    ),
  )
  .map(([who, what]) => ({ ...who, ...what }));
const leg = fc
  .tuple(
    party,
    fc.record({
      ...{ from: instant, until: instant, talkMs: duration, holdMs: duration, waitMs: duration },
      side: fc.constantFrom('caller', 'callee'),
      joined: fc.constantFrom('called', 'answered', 'transferred'),
      left: fc.constantFrom('ended', 'hung-up', 'lost'),
    }),
  )
  .map(([who, what]) => ({ ...who, ...what }));
const part: fc.Arbitrary<CallPart> = fc
  .tuple(
    named,
    fc.record({
      ...{ extension, terminal: maybe(terminal), station: maybe(named), other: maybe(extension) },
      role: fc.constantFrom('caller', 'callee', 'joined'),
      result: fc.constantFrom('handled', 'missed', 'declined', null),
      ...{ ringMs: maybe(duration), talkMs: duration, holdMs: duration, waitMs: duration },
      transferred: fc.boolean(),
    }),
  )
  .map(([who, what]) => ({ ...who, ...what }));
const reason = maybe(
  fc.record(
    { protocol: fc.constantFrom('SIP', 'Q.850'), cause: fc.nat(700), text: fc.string() },
    { requiredKeys: ['protocol', 'cause'] },
  ),
);
const course = {
  ...{ startedAt: instant, dialled: fc.string(), caller: party, callee: maybe(party) },
  ...{ attempts: fc.array(attempt, { maxLength: 3 }), legs: fc.array(leg, { maxLength: 3 }) },
  ...{ answeredAt: maybe(instant), talkMs: duration, holdMs: duration, mailboxMs: duration },
  ...{ endedBy: maybe(named), reason },
  ...{ transferredFrom: maybe(fc.string()), transferredTo: maybe(fc.string()) },
};

const record: fc.Arbitrary<CallRecord> = fc.record({
  ...course,
  ...{ id: fc.string(), external: fc.boolean(), emergency: fc.boolean() },
  ...{ parts: fc.array(part, { maxLength: 3 }), rangAt: maybe(instant), endedAt: instant, ringMs: duration },
  result: fc.constantFrom(...callResult.options),
  mailbox: maybe(
    fc.constant({ number: '101', name: 'Ada', from: 1, until: 2, message: { id: 'm', durationMs: 1 } }),
  ),
});

const place = maybe(fc.nat(2));
const account: fc.Arbitrary<CallAccount> = fc.record({
  ...course,
  ...{ ringing: place, talking: fc.record({ caller: place, callee: place }), countedAt: instant },
});

/** What each property may be: the compiler asks for those that are optional, too. */
type Properties<Value> = { readonly [Name in keyof Value]-?: fc.Arbitrary<Exclude<Value[Name], undefined>> };

const person = fc.record(
  {
    ...{ extension: extension.map(extensionId), terminal: terminal.map(terminalId) },
    ...{ number: fc.constantFrom('101', '102').map(extensionNumber), name: fc.constantFrom('Ada', 'Ben') },
    withheld: fc.constant(true as const),
  } satisfies Properties<CallPerson>,
  { requiredKeys: ['extension', 'terminal', 'number', 'name'] },
);
const uri = fc.constantFrom('sip:a@b.invalid;transport=ws', 'sip:c@d.invalid');
const phone: fc.Arbitrary<CallParty> = fc
  .tuple(
    person,
    fc.record(
      {
        ...{ binding: fc.string(), contact: uri, recalled: fc.constant(true as const) },
        dialog: fc.record(
          {
            ...{
              callId: fc.string(),
              localTag: fc.string(),
              remoteTag: fc.string(),
              localUri: uri,
              remoteUri: uri,
            },
            ...{ localSequence: fc.nat(), remoteSequence: fc.nat(), remoteTarget: uri },
            ...{
              routeSet: fc.array(uri, { maxLength: 2 }),
              role: fc.constantFrom('uac' as const, 'uas' as const),
            },
            ...{ allowsUpdate: fc.boolean(), localDisplayName: fc.string(), remoteDisplayName: fc.string() },
            sessionTimer: fc.record({
              intervalSeconds: fc.nat(),
              refresher: fc.constantFrom('us' as const, 'peer' as const),
            }),
            openRefers: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
          } satisfies Properties<CallParty['dialog']>,
          {
            requiredKeys: [
              ...(['callId', 'localTag', 'remoteTag', 'localUri', 'remoteUri', 'localSequence'] as const),
              ...(['remoteSequence', 'remoteTarget', 'routeSet', 'role', 'allowsUpdate'] as const),
            ],
          },
        ),
      } satisfies Properties<Omit<CallParty, keyof CallPerson>>,
      { requiredKeys: ['binding', 'contact', 'dialog'] },
    ),
  )
  .map(([who, where]) => ({ ...who, ...where }));
const service: fc.Arbitrary<CallService> = fc.oneof(
  fc.record({ service: fc.constant('conference' as const), room: fc.string() }),
  fc.record({ service: fc.constant('slot' as const), slot: fc.string(), by: person }),
  fc.record({
    ...{ service: fc.constant('mailbox' as const), extension: extension.map(extensionId) },
    ...{
      reason: fc.constantFrom('busy' as const, 'offline' as const),
      number: fc.string(),
      name: fc.string(),
    },
  }),
);
const call: fc.Arbitrary<StoredCall> = fc.record(
  {
    ...{ id: fc.string().map(callId), account, startedAt: instant, answeredAt: instant },
    ...{ caller: fc.oneof(phone, service), callee: fc.oneof(phone, service) },
    held: fc.constantFrom('caller' as const, 'callee' as const, 'both' as const),
    unsettled: fc.constant(true as const),
    emergencyOn: terminal.map(terminalId),
    callsBack: terminal.map(terminalId),
  } satisfies Properties<StoredCall>,
  { requiredKeys: ['id', 'startedAt', 'answeredAt', 'caller', 'callee'] },
);

const stored = <Form>(form: Form): Form => JSON.parse(JSON.stringify(form)) as Form;

test('a record is read as it was written, in its form or as an object', () => {
  fc.assert(
    fc.property(record, (written) => {
      expect(readRecord(stored(recordForm(written)))).toEqual(written);
      expect(readRecord(stored(written))).toEqual(written);
    }),
  );
});

test('a call is read as it was written, in its form or as an object', () => {
  fc.assert(
    fc.property(call, (written) => {
      expect(readCall(stored(callForm(written)))).toEqual(written);
      expect(readCall(stored(written))).toEqual(written);
    }),
  );
});
