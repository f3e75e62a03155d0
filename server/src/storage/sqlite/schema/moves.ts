import type { Generated } from 'kysely';
import type { Action, EndedBy, Ending, Result } from '../../../exchange/virtualization/record.ts';
import type { Way } from '../../../exchange/virtualization/virtualization.ts';
import type { Instant, Json } from '../columns.ts';

/** Who works at whose desk, and the account of it. */
export interface MoveTables {
  virtualizations: {
    virtual_id: string;
    base_id: string;
    organization_id: string;
    since: Instant;
    way: Way;
  };
  /** What the limits of a stay need over a restart; known by its guest and its beginning. */
  stay_terms: {
    virtual_id: string;
    organization_id: string;
    since: Instant;
    warned_at: Instant | null;
    extended_until: Instant | null;
  };
  guessing_buckets: {
    kind: 'extension' | 'terminal';
    id: string;
    organization_id: string;
    wrong: Json<readonly Instant[]>;
    /** How often it was filled lately. */
    locks: number;
  };
  virtualization_records: {
    sequence: Generated<number>;
    organization_id: string;
    at: Instant;
    action: Action;
    way: Way;
    who: string | null;
    terminal_id: string | null;
    asked: string | null;
    extension_id: string | null;
    previous_guest_id: string | null;
    result: Result;
    endings: Json<readonly Ending[]>;
  };
  /** An extension was a guest at a desk; `until` is null as long as it is. Numbers and names are of that time. */
  desk_stays: {
    sequence: Generated<number>;
    organization_id: string;
    extension_id: string;
    number: string;
    name: string;
    /** The extension whose desk it is, and its terminal. */
    desk_id: string;
    terminal_id: string;
    desk_number: string;
    desk_name: string;
    since: Instant;
    way: Way;
    until: Instant | null;
    ended_by: EndedBy | null;
    ended_way: Way | null;
    ender: string | null;
  };
}
