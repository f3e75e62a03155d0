import { callId } from '@perch/shared';
import { afterEach, expect, test, vi } from 'vitest';
import { closeNotifications } from './call-notifications.ts';
import { type NotificationTexts, over, ringing } from './notifications.ts';

const m: NotificationTexts = {
  ...{ number_withheld: String, incoming_call: String, call_for: String, answer: String, decline: String },
  ...{ call_missed: String, call_taken_elsewhere: String, call_rang_out: String },
};
const about = (phone: string, call: string) => ({
  phone,
  call,
  from: { number: '104', name: 'Dev' },
  callee: null,
});

/** A browser with two phones, whose calls are shown. */
function browser() {
  const shown = [
    ringing(about('101', 'c1'), null, m),
    over({ ...about('101', 'c2'), kind: 'over', why: 'missed', at: 0 }, m),
    over({ ...about('102', 'c1'), kind: 'over', why: 'elsewhere', at: 0 }, m),
  ].map(({ options: { tag, data } }) => ({
    tag,
    data,
    close: () => void open.delete(`${data.phone} ${data.kind}`),
  }));
  const open = new Set(shown.map(({ data }) => `${data.phone} ${data.kind}`));
  const registration = {
    getNotifications: ({ tag }: { readonly tag?: string }) =>
      Promise.resolve(shown.filter((each) => tag === undefined || each.tag === tag)),
  };
  vi.stubGlobal('navigator', {
    serviceWorker: { getRegistration: () => Promise.resolve(registration) },
  });
  return open;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a phone closes what is shown of its calls, of one or of all, and nothing of another phone's in the same browser", async () => {
  const open = browser();
  await closeNotifications('101', callId('c1'));
  expect([...open]).toEqual(['101 missed', '102 taken']);
  await closeNotifications('101');
  expect([...open]).toEqual(['102 taken']);
});
