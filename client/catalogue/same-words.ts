import type { Language } from '@perch/shared';

/** Texts that are the same in English on purpose, by their keys: names, figures, and words that a language has in common with English. */
export const SAME_WORDS: Readonly<Record<'all' | Language, readonly string[]>> = {
  all: [
    'product',
    'page_title',
    'page_title_missed',
    'webhooks',
    'key_ok',
    'version_label',
    'mirrored_phone',
    'fact_changed',
    'fact_is',
    'fates_sum',
    'field_from_to',
    'field_is',
  ],
  de: [
    ...[
      'station',
      'sign_in_station',
      'report_per_station',
      'step_code',
      'personal_data_state',
      'webhook_state',
    ],
    ...[
      'fact_host',
      'presence_offline',
      'voicemail_position',
      'first_run_begin',
      'organization_name',
      'name',
    ],
    ...[
      'mailbox_call_voicemail',
      'mailbox_call_lead_retrieval',
      'voicemail',
      'admin_voicemail',
      'service_voicemail',
    ],
    ...['administrator', 'role_administrator', 'token', 'plan', 'fact_browser', 'person', 'enrolment_link'],
  ],
  en: [],
  es: ['sign_in_decline', 'claim_not_mine', 'no', 'held_tokens', 'token', 'role_supervisor'],
  fr: [
    ...[
      'use_microphone',
      'ladder_messages',
      'station',
      'sign_in_station',
      'report_per_station',
      'stations',
      'step_code',
      'plan',
      'voicemail_position',
    ],
    ...[
      'microphone',
      'first_run_microphone',
      'check_part_microphone',
      'notifications',
      'check_part_notifications',
    ],
    ...['history_message', 'voicemail_messages', 'voicemail_pause', 'report_total'],
  ],
  ro: [
    ...['retention_audit', 'audit', 'administrator', 'role_administrator', 'role_operator', 'token', 'plan'],
    ...['fact_browser', 'enrolment_link'],
  ],
};
