import type { WebhookDelivery, WebhookEvent, WebhookOff } from '@perch/shared';
import type { Instant, Json, Octets } from '../columns.ts';

/** Programs that are told what happens, and what they are told. */
export interface WebhookTables {
  /** Programs that are told of calls and moves. */
  webhooks: {
    id: string;
    organization_id: string;
    name: string;
    url: string;
    events: Json<readonly WebhookEvent[]>;
    secret: Octets;
    /** The one before, which signs until then, too. */
    old_secret: Octets | null;
    old_secret_until: Instant | null;
    created_at: Instant;
    made_by: string;
    off_since: Instant | null;
    off_why: WebhookOff | null;
    failing_since: Instant | null;
  };
  /** How far what has happened was made into messages: numbers of records, stays and virtualization records. */
  webhook_cursors: { organization_id: string; calls: number; stays: number; moves: number };
  webhook_messages: {
    id: string;
    webhook_id: string;
    event: string;
    body: string;
    created_at: Instant;
    state: WebhookDelivery['state'];
    attempts: number;
    tried_at: Instant | null;
    next_at: Instant | null;
    /** Of HTTP, and the beginning of the answer or why there was none. */
    status: number | null;
    answer: string | null;
  };
}
