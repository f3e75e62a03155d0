import { organizationId } from '@perch/shared';
import { expect, test } from 'vitest';
import { aCall } from '../../../records/support/test-records.ts';
import { recordForm } from './forms/record-form.ts';
import { journalLine, recordTextIn } from './journaled-record.ts';

test('a line is the journaled record as JSON, and has the text of the record as it was written', () => {
  const organization = organizationId('of "record":{quotes},\n"record":');
  const record = aCall('1', { dialled: '","record":{}}\n' });
  const line = journalLine({ sequence: 7, organization, record });
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({ sequence: 7, organization, record: recordForm(record) });
  expect(recordTextIn(line)).toBe(JSON.stringify(recordForm(record)));
});
