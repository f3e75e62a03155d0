import {
  type api,
  type AuditEntry,
  type Facts,
  type ERASURE_DEED,
  type NIGHTLY_DEED,
  type PhoneDeed,
  type WEBHOOK_DEED,
  ROLES,
  type Role,
  isTokenAction,
} from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';
import { allOf } from '../../../ui/moments.ts';
import { browserTitle } from '../browser-title.ts';
import { actionInWords } from '../tokens/token-words.ts';
import { roleInWords } from '../people/role-words.ts';

type Operations = typeof api;
type Changing = {
  [Name in keyof Operations]: Operations[Name] extends { readonly audited: true }
    ? Name
    : Operations[Name] extends
          | { readonly access: 'anyone' | 'terminal' }
          | { readonly method: 'GET' }
          | { readonly audited: false }
      ? never
      : Name;
}[keyof Operations];
/** Every operation of which the audit has entries, beside what somebody has tried to see and may not. */
type Deed =
  | Changing
  | PhoneDeed
  | typeof NIGHTLY_DEED
  | typeof ERASURE_DEED
  | typeof WEBHOOK_DEED
  | 'setUp'
  | 'signIn'
  | 'choosePassword'
  | 'forgotPassword'
  | 'redeemEnrolment';
type Words = (inputs: { readonly about: string }) => string;

const DEEDS: Readonly<Record<Deed, Words>> = {
  setUp: m.deed_set_up,
  signIn: m.deed_sign_in,
  signOut: m.deed_sign_out,
  choosePassword: m.deed_choose_password,
  forgotPassword: m.deed_forgot_password,
  closeOwnSession: m.deed_close_own_session,
  createOrganization: m.deed_create_organization,
  invitePerson: m.deed_invite_person,
  changePerson: m.deed_change_person,
  removePerson: m.deed_remove_person,
  issuePersonLink: m.deed_issue_person_link,
  closePersonSession: m.deed_close_person_session,
  beginSecondFactor: m.deed_begin_second_factor,
  confirmSecondFactor: m.deed_confirm_second_factor,
  renewRecoveryCodes: m.deed_renew_recovery_codes,
  removeSecondFactor: m.deed_remove_second_factor,
  resetSecondFactor: m.deed_reset_second_factor,
  changeSignInPolicy: m.deed_change_sign_in_policy,
  forgetProvided: m.deed_forget_provided,
  makeToken: m.deed_make_token,
  revokeToken: m.deed_revoke_token,
  revokePersonToken: m.deed_revoke_person_token,
  createExtension: m.deed_create_extension,
  changeExtension: m.deed_change_extension,
  deleteExtension: m.deed_delete_extension,
  setSecretCode: m.deed_set_secret_code,
  setOwnSecretCode: m.deed_set_secret_code,
  liftLock: m.deed_lift_lock,
  liftOwnLock: m.deed_lift_lock,
  setVoicemailPin: m.deed_set_voicemail_pin,
  setOwnVoicemailPin: m.deed_set_voicemail_pin,
  setVoicemailMail: m.deed_change_extension,
  replaceGreeting: m.deed_replace_greeting,
  removeGreeting: m.deed_remove_greeting,
  issueSipCredentials: m.deed_issue_sip_credentials,
  issueEnrolment: m.deed_issue_enrolment,
  redeemEnrolment: m.deed_redeem_enrolment,
  withdrawEnrolment: m.deed_withdraw_enrolment,
  revokeBrowser: m.deed_revoke_browser,
  leaveTerminal: m.deed_leave_terminal,
  returnToBase: m.deed_return_to_base,
  moveExtension: m.deed_move_extension,
  takeOver: m.deed_take_over,
  goHome: m.deed_go_home,
  undoMove: m.deed_undo_move,
  reachLimit: m.deed_reach_limit,
  dialDoNotDisturb: m.do_not_disturb,
  dialForward: m.forwards,
  setLanguage: m.deed_set_language,
  setOwnLanguage: m.deed_set_language,
  changeLanguage: m.deed_set_language,
  setDoNotDisturb: m.do_not_disturb,
  setForwards: m.forwards,
  extendStay: m.deed_extend_stay,
  claimCall: m.deed_claim_call,
  changeStayLimits: m.deed_change_stay_limits,
  setStationPin: m.deed_set_station_pin,
  removeStationPin: m.deed_remove_station_pin,
  liftStationPinLocks: m.deed_lift_station_pin_locks,
  unlockStation: m.deed_unlock_station,
  changeRetention: m.deed_change_retention,
  forgetOld: m.deed_forget_old,
  ownData: m.deed_own_data,
  exportPerson: m.deed_export_person,
  erasePerson: m.deed_erase_person,
  personErased: m.deed_person_erased,
  createWebhook: m.deed_create_webhook,
  changeWebhook: m.deed_change_webhook,
  deleteWebhook: m.deed_delete_webhook,
  replaceWebhookSecret: m.deed_replace_webhook_secret,
  testWebhook: m.deed_test_webhook,
  resendDelivery: m.deed_resend_delivery,
  webhookTurnedOff: m.deed_webhook_turned_off,
  auditCsv: m.deed_audit_csv,
  extensionsFile: m.deed_extensions_file,
  callsFile: m.deed_calls_file,
  ladder: m.deed_ladder,
  ladderFile: m.deed_ladder_file,
  staysFile: m.deed_stays_file,
  reportFile: m.deed_report_file,
  setTimeZone: m.deed_set_time_zone,
};

const FACTS: Readonly<Record<string, () => string>> = {
  name: m.name,
  kind: m.kind,
  group: m.group,
  place: m.place,
  plan: m.plan,
  callBack: m.call_back_number,
  language: m.language,
  doNotDisturb: m.do_not_disturb,
  forwards: m.forwards,
  allowVirtualization: m.allow_virtualization,
  suspended: m.suspend,
  voicemailMail: m.admin_voicemail_mail,
  hasSecretCode: m.secret_code,
  hasVoicemailPin: m.fact_voicemail_pin,
  roles: m.role,
  extension: m.extension,
  groups: m.groups,
  isInvited: m.invited,
  movedTo: m.fact_moved_to,
  administrator: m.administrator,
  uses: m.fact_uses,
  hours: m.fact_hours,
  browser: m.fact_browser,
  timeZone: m.time_zone,
  stayLimits: m.stay_limits,
  kiosk: m.kiosk_mode,
  longestMinutes: m.stay_limits_longest,
  timeOfDay: m.stay_limits_time_of_day,
  idleMinutes: m.stay_limits_idle,
  endedBy: m.fact_ended_by,
  recordDays: m.retention_records,
  voicemailDays: m.retention_voicemail,
  auditDays: m.retention_audit,
  calls: m.records,
  moves: m.fact_moves,
  audit: m.audit,
  host: m.fact_host,
  events: m.webhook_events,
  isOn: m.webhook_on,
  why: m.fact_why,
  entries: m.fact_entries,
  entriesSeal: m.fact_entries_seal,
  dialled: m.fact_dialled,
  call: m.fact_call,
  attempts: m.fact_attempts,
  hasSecondFactor: m.second_factor,
  actions: m.fact_actions,
  token: m.token,
  days: m.fact_days,
  hasProvider: m.fact_provider,
  provider: m.fact_provider,
  secondFactor: m.second_factor,
  secondFactorOf: m.second_factor_demanded_of,
};

const isDeed = (action: string): action is Deed => Object.hasOwn(DEEDS, action);

/** `Changed extension 101`. */
export function deedInWords({ action, about }: AuditEntry): string {
  return isDeed(action) ? DEEDS[action]({ about: about ?? '' }) : m.deed_other({ action });
}

const REFUSALS = new Map<string, () => string>(
  Object.entries({
    forbidden: m.result_forbidden,
    'not-found': m.result_not_found,
    'wrong-credentials': m.result_wrong_credentials,
    'too-many-requests': m.result_throttled,
    'wrong-second-factor': m.result_wrong_second_factor,
    'second-factor-needed': m.result_second_factor_needed,
    'second-factor-missing': m.result_second_factor_missing,
    'provider-refused': m.result_provider_refused,
    'provider-unavailable': m.result_provider_unavailable,
    'sign-in-over': m.result_sign_in_over,
    'email-unverified': m.result_email_unverified,
    'person-unknown': m.result_person_unknown,
    'person-mismatch': m.result_person_mismatch,
    'wrong-code': m.result_wrong_code,
    'wrong-pin': m.result_wrong_pin,
    'station-pin-locked': m.result_locked_out,
    'in-kiosk-mode': m.result_not_allowed,
    'locked-out': m.result_locked_out,
    'not-allowed': m.result_not_allowed,
    'no-such-extension': m.result_no_such_extension,
    dropped: m.result_dropped,
    'nothing-to-do': m.result_nothing_to_do,
  }),
);

/** What entries can be looked for: those that are called the same are one. Its value is `action` of the API. */
export function deedsInList(): readonly { readonly value: string; readonly label: string }[] {
  const byLabel = new Map<string, string[]>();
  for (const [name, words] of Object.entries(DEEDS)) {
    const label = words({ about: '…' });
    byLabel.set(label, [...(byLabel.get(label) ?? []), name]);
  }
  return Array.from(byLabel, ([label, names]) => ({ value: names.join(','), label })).sort((one, other) =>
    one.label.localeCompare(other.label),
  );
}

/** Why it was refused. */
export const resultInWords = ({ result }: AuditEntry): string =>
  REFUSALS.get(result)?.() ?? m.result_refused({ code: result });

/** `Name: Ada → Ada L.`, for each thing that is different; of what had no value before, such as the uses of a new link, that it is so. */
export function differenceInWords({ before, after }: AuditEntry): string[] {
  if (before !== null && after !== null)
    return Object.keys(after).map((fact) =>
      fact in before
        ? m.fact_changed({ fact: factIn(fact), before: valueIn(before, fact), after: valueIn(after, fact) })
        : m.fact_is({ fact: factIn(fact), value: valueIn(after, fact) }),
    );
  const facts = after ?? before ?? {};
  return Object.keys(facts)
    .filter((fact) => facts[fact] !== null && facts[fact] !== false)
    .map((fact) => m.fact_is({ fact: factIn(fact), value: valueIn(facts, fact) }));
}

export const factIn = (name: string): string => FACTS[name]?.() ?? name;

function valueIn(facts: Facts, name: string): string {
  const value = facts[name];
  if (value === null || value === undefined) return m.none();
  if (Array.isArray(value))
    return allOf(
      value.map((one) => (isRole(one) ? roleInWords(one) : isTokenAction(one) ? actionInWords(one) : one)),
    );
  if (typeof value === 'boolean') return value ? m.yes() : m.no();
  return name === 'browser' ? browserTitle(String(value)) : String(value);
}

const isRole = (word: string): word is Role => (ROLES as readonly string[]).includes(word);
