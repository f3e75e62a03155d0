import { FakeRecordings } from './fake-recordings.ts';
import { recordingsContract } from './recordings.contract.ts';

recordingsContract('in memory', async () => {
  let recordings = FakeRecordings.empty();
  return {
    recordings,
    reopen: async () => (recordings = recordings.afterCrash()),
    sound: (ms) => [new Uint8Array(ms)],
  };
});
