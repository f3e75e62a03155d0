import type { TokenAction } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';

const WORDS: Readonly<Record<TokenAction, () => string>> = {
  'view-floor': m.action_view_floor,
  'view-extensions': m.action_view_extensions,
  'view-records': m.action_view_records,
  'view-signalling': m.action_view_signalling,
  'view-statistics': m.action_view_statistics,
  'view-audit': m.action_view_audit,
  'end-sessions': m.action_end_sessions,
  'move-sessions': m.action_move_sessions,
  'create-extensions': m.action_create_extensions,
  'change-extensions': m.action_change_extensions,
  'replace-codes': m.action_replace_codes,
  'issue-credentials': m.action_issue_credentials,
  'change-organization': m.action_change_organization,
};

/** Those that only read come first. */
export const TOKEN_ACTIONS_IN_ORDER = Object.keys(WORDS) as TokenAction[];

/** `See call records`. */
export const actionInWords = (action: TokenAction): string => WORDS[action]();
