import type { CallRecord, OrganizationId } from '@perch/shared';
import type { Json } from '../columns.ts';
import { type RecordForm, recordForm } from './forms/record-form.ts';

/** A record that waits to be archived. */
export interface JournaledRecord<Record = RecordForm> {
  readonly sequence: number;
  readonly organization: OrganizationId;
  readonly record: Record;
}

const RECORD = ',"record":';

/** One line of the journal: a `JournaledRecord` as JSON. The record comes last, so that the archive can keep its text as it is. */
export const journalLine = ({ sequence, organization, record }: JournaledRecord<CallRecord>): string =>
  `{"sequence":${String(sequence)},"organization":${JSON.stringify(organization)}${RECORD}${JSON.stringify(recordForm(record))}}`;

/** The text of the record in such a line: nothing before it can hold a quote that is not escaped. */
export const recordTextIn = (line: string): Json<RecordForm> =>
  line.slice(line.indexOf(RECORD) + RECORD.length, -1) as Json<RecordForm>;
