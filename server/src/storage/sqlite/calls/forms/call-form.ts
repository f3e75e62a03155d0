import type { CallId, RecordedParty, TerminalId } from '@perch/shared';
import type { CallAccount } from '../../../../exchange/call/records/account.ts';
import type { CallParty, CallPerson, CallService, StoredCall } from '../../../../exchange/ports.ts';
import { type AttemptForm, attemptForm, attemptIn, type LegForm, legForm, legIn } from './course.ts';
import { sinceStart, timeAt } from './course.ts';
import { type NamedForm, namedIn, type PartiesForm, partyAt, PartyPlaces } from './parties.ts';

/**
 * An answered call as it is stored, in the way of a record (`record-form.ts`). Calls of before are stored as objects: `readCall` reads either.
 */
export type CallForm = readonly [
  version: 1,
  id: CallId,
  startedAt: number,
  answeredAt: number,
  parties: PartiesForm,
  account: AccountForm | null,
  caller: SideForm | CallService,
  callee: SideForm | CallService,
  emergencyOn: TerminalId | null,
  ...rare: RareForm,
];

type RareForm = readonly [held?: StoredCall['held'] | null, unsettled?: 1 | null, callsBack?: TerminalId];

type Dialog = CallParty['dialog'];

type AccountForm = readonly [
  startedAt: number,
  dialled: string,
  caller: number,
  callee: number | null,
  attempts: readonly AttemptForm[],
  legs: readonly LegForm[],
  ringing: number | null,
  talking: readonly [caller: number | null, callee: number | null],
  answeredAt: number | null,
  countedAt: number,
  durations: readonly [talkMs: number, holdMs: number, mailboxMs: number],
  endedBy: NamedForm,
  reason: CallAccount['reason'],
  transfers: readonly [from: string | null, to: string | null],
];

type SideForm = readonly [
  person: number,
  withheld: 0 | 1,
  binding: string,
  contact: string,
  dialog: DialogForm,
  recalled?: 1,
];

type DialogForm = readonly [
  callId: string,
  localTag: string,
  remoteTag: string,
  localUri: string,
  remoteUri: string,
  localSequence: number,
  remoteSequence: number,
  /** `null` where it is the phone's contact. */
  remoteTarget: string | null,
  routeSet: readonly string[],
  role: Dialog['role'],
  allowsUpdate: 0 | 1,
  sessionTimer: Dialog['sessionTimer'] | null,
  localDisplayName: string | null,
  remoteDisplayName: string | null,
  openRefers?: readonly number[],
];

export function callForm(call: StoredCall): CallForm {
  const { id, account, startedAt, answeredAt, caller, callee, emergencyOn = null } = call;
  const places = new PartyPlaces();
  return [
    1,
    id,
    startedAt,
    answeredAt,
    places.all,
    account === undefined ? null : accountForm(places, startedAt, account),
    sideForm(places, caller),
    sideForm(places, callee),
    emergencyOn,
    ...rareForm(call),
  ];
}

/** What few calls have, up to the last that this one has. */
function rareForm({ held: holder, unsettled, callsBack }: StoredCall): RareForm {
  const held = holder ?? null;
  const isUnsettled = unsettled === true ? 1 : null;
  if (callsBack !== undefined) return [held, isUnsettled, callsBack];
  if (isUnsettled !== null) return [held, isUnsettled];
  return held === null ? [] : [held];
}

function callIn(form: CallForm): StoredCall {
  const [, id, startedAt, answeredAt, parties, account, caller, callee, emergencyOn, ...rare] = form;
  const [held, unsettled, callsBack] = rare;
  return {
    id,
    ...(account !== null && { account: accountIn(parties, startedAt, account) }),
    ...{ startedAt, answeredAt },
    caller: sideIn(parties, caller),
    callee: sideIn(parties, callee),
    ...(held !== undefined && held !== null && { held }),
    ...(unsettled === 1 && { unsettled: true }),
    ...(emergencyOn !== null && { emergencyOn }),
    ...(callsBack !== undefined && { callsBack }),
  };
}

const accountForm = (places: PartyPlaces, start: number, account: CallAccount): AccountForm => [
  account.startedAt - start,
  account.dialled,
  places.of(account.caller),
  account.callee === null ? null : places.of(account.callee),
  account.attempts.map((attempt) => attemptForm(places, start, attempt)),
  account.legs.map((leg) => legForm(places, start, leg)),
  account.ringing,
  [account.talking.caller, account.talking.callee],
  sinceStart(start, account.answeredAt),
  account.countedAt - start,
  [account.talkMs, account.holdMs, account.mailboxMs],
  places.named(account.endedBy),
  account.reason,
  [account.transferredFrom, account.transferredTo],
];

function accountIn(parties: PartiesForm, start: number, form: AccountForm): CallAccount {
  const [since, dialled, caller, callee, attempts, legs, ringing, talking, answeredAt, countedAt, ...rest] =
    form;
  const [[talkMs, holdMs, mailboxMs], endedBy, reason, [transferredFrom, transferredTo]] = rest;
  return {
    ...{ startedAt: start + since, dialled },
    caller: partyAt(parties, caller),
    callee: callee === null ? null : partyAt(parties, callee),
    attempts: attempts.map((attempt) => attemptIn(parties, start, attempt)),
    legs: legs.map((leg) => legIn(parties, start, leg)),
    ringing,
    talking: { caller: talking[0], callee: talking[1] },
    answeredAt: timeAt(start, answeredAt),
    countedAt: start + countedAt,
    ...{ talkMs, holdMs, mailboxMs, reason, transferredFrom, transferredTo },
    endedBy: namedIn(parties, endedBy),
  };
}

function sideForm(places: PartyPlaces, side: CallParty | CallService): SideForm | CallService {
  if ('service' in side) return side;
  const { withheld, recalled, binding, contact, dialog } = side;
  const described = dialogForm(dialog, contact);
  const form = [places.ofPerson(side), withheld === true ? 1 : 0, binding, contact, described] as const;
  return recalled === true ? [...form, 1] : form;
}

function sideIn(parties: PartiesForm, form: SideForm | CallService): CallParty | CallService {
  if ('service' in form) return form;
  const [place, withheld, binding, contact, dialog, recalled] = form;
  const { extension, terminal, number, name } = partyAt(parties, place) as RecordedParty & CallPerson;
  return {
    ...{ extension, terminal, number, name, ...(withheld === 1 && { withheld: true }) },
    ...{ binding, contact, dialog: dialogIn(dialog, contact), ...(recalled === 1 && { recalled: true }) },
  };
}

function dialogForm(dialog: Dialog, contact: string): DialogForm {
  const form = [
    dialog.callId,
    dialog.localTag,
    dialog.remoteTag,
    dialog.localUri,
    dialog.remoteUri,
    dialog.localSequence,
    dialog.remoteSequence,
    dialog.remoteTarget === contact ? null : dialog.remoteTarget,
    dialog.routeSet,
    dialog.role,
    dialog.allowsUpdate ? 1 : 0,
    dialog.sessionTimer ?? null,
    dialog.localDisplayName ?? null,
    dialog.remoteDisplayName ?? null,
  ] as const;
  return dialog.openRefers === undefined ? form : [...form, dialog.openRefers];
}

function dialogIn(form: DialogForm, contact: string): Dialog {
  const [callId, localTag, remoteTag, localUri, remoteUri, localSequence, remoteSequence, target, ...rest] =
    form;
  const [routeSet, role, allowsUpdate, sessionTimer, localDisplayName, remoteDisplayName, openRefers] = rest;
  return {
    ...{ callId, localTag, remoteTag, localUri, remoteUri, localSequence, remoteSequence },
    ...{ remoteTarget: target ?? contact, routeSet, role, allowsUpdate: allowsUpdate === 1 },
    ...(sessionTimer && { sessionTimer }),
    ...(localDisplayName !== null && { localDisplayName }),
    ...(remoteDisplayName !== null && { remoteDisplayName }),
    ...(openRefers && { openRefers }),
  };
}

/** A call in any form in which it was ever stored. */
export const readCall = (stored: CallForm | StoredCall): StoredCall =>
  'id' in stored ? stored : callIn(stored);
