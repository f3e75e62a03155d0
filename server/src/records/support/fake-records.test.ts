import { FakeRecords } from './fake-records.ts';
import { recordsContract } from './records.contract.ts';

recordsContract('in memory', async () => {
  const records = new FakeRecords();
  return {
    records,
    write: async (calls, virtualizations) => {
      records.writtenCalls.push(...calls);
      records.writtenVirtualizations.push(...virtualizations);
    },
  };
});
