import type { Facts } from '@perch/shared';
import type { Person } from '../../../personal/person.ts';
import type { Instant, Json } from '../columns.ts';

/** What people have done, and who is forgotten. */
export interface AuditTables {
  /** What people have done and tried; triggers refuse any change of an entry. */
  audit: {
    organization_id: string;
    position: number;
    at: Instant;
    who: string;
    address: string | null;
    action: string;
    about: string | null;
    result: string;
    before: Json<Facts | null>;
    after: Json<Facts | null>;
    seal: string;
  };
  /** The last entry of each organization. */
  audit_heads: { organization_id: string; position: number; seal: string };
  /** The last entry of each organization that was deleted because it was old: the chain begins after it. */
  audit_forgotten: { organization_id: string; position: number; seal: string };
  /** Entries that no longer name somebody: by which entry on an erasure, and the seal of what they say since. */
  audit_erased: { organization_id: string; position: number; erasure: number; seal: string };
  /** People who are being erased; `null` once nothing is left to be done but to clean the files. */
  erasures: { person_id: string; organization_id: string; person: Json<Person | null>; begun_at: Instant };
}
