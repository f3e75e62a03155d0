import type { CallRecord } from '@perch/shared';
import type { CallStore } from '../exchange/ports.ts';
import type { VirtualizationRecord } from '../exchange/virtualization/record.ts';
import type { VirtualizationStore } from '../exchange/virtualization-store.ts';

/** The same store; each record is reported once it is kept. */
export const watchedVirtualizations = (
  store: VirtualizationStore,
  report: (record: VirtualizationRecord) => void,
): VirtualizationStore => ({
  load: () => store.load(),
  records: (about, limit) => store.records(about, limit),
  commit: async (change) => {
    await store.commit(change);
    report(change.record);
  },
});

/** The same store; each record is reported as it comes. */
export const watchedCalls = (store: CallStore, report: (record: CallRecord) => void): CallStore => ({
  load: () => store.load(),
  save: (call) => store.save(call),
  forget: (call) => store.forget(call),
  finish: (record) => {
    report(record);
    return store.finish(record);
  },
  loadOwed: () => store.loadOwed(),
  owe: (bye) => store.owe(bye),
  pay: (tag) => store.pay(tag),
});
