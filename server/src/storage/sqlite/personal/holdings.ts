import type { OrganizationSchema } from '../schema.ts';
import { ACCOUNT_HOLDINGS } from './holdings/accounts.ts';
import { type Holdings, NOTHING } from './holdings/holding.ts';
import { MOVE_HOLDINGS } from './holdings/moves.ts';
import { PHONE_HOLDINGS } from './holdings/phones.ts';
import { VOICEMAIL_HOLDINGS } from './holdings/voicemail.ts';
import { WEBHOOK_HOLDINGS } from './holdings/webhooks.ts';

/**
 * What every table of `perch.db` has of people, and what becomes of it when somebody is erased: a new table does not compile before
 * that is said here. The audit is on its own (`audit-erasure.ts`).
 */
export const HOLDINGS: Holdings<OrganizationSchema> = {
  organizations: NOTHING,
  audit: NOTHING,
  audit_heads: NOTHING,
  audit_forgotten: NOTHING,
  audit_erased: NOTHING,
  erasures: NOTHING,
  ...WEBHOOK_HOLDINGS,
  ...PHONE_HOLDINGS,
  ...ACCOUNT_HOLDINGS,
  ...MOVE_HOLDINGS,
  ...VOICEMAIL_HOLDINGS,
};
