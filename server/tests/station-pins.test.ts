import { auditPage, stationPinState, WRONG_PER_TERMINAL } from '@perch/shared';
import { expect, test } from 'vitest';
import { Administrator } from './support/administrator.ts';
import { stage } from './support/fixtures.ts';
import { PageClient } from './support/page-client.ts';

const on = stage();

const PIN = '4711';
const WRONG = '4712';

/** What a page with that token is answered: the status. */
async function unlock(token: string, pin: string): Promise<number> {
  const { status } = await fetch(`${on.server.organization.url}/api/terminal/unlock`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ pin }),
  });
  return status;
}

test('wrong PINs lock a station over a crash, its page and management see it, and each try is in the audit once', async () => {
  const administrator = await Administrator.signIn(on.server.organization);
  await administrator.ask('PUT /api/organization/station-pin', { pin: PIN });
  const page = await PageClient.open(on.server.line('201').url);
  for (let n = 0; n < WRONG_PER_TERMINAL; n += 1) expect(await unlock(page.token, WRONG)).toBe(403);
  const { view } = await page.next('that it takes no PIN', (told) => (told.view?.pinLockedUntil ?? 0) > 0);
  expect(view?.pinLockedUntil).toBeGreaterThan(Date.now());
  page.close();

  await on.server.kill();
  await on.server.startAgain();
  expect(await unlock(page.token, PIN)).toBe(429);
  const { locked } = stationPinState.parse(await administrator.ask('GET /api/organization/station-pin'));
  expect(locked).toMatchObject([{ number: '201', until: view?.pinLockedUntil }]);
  await administrator.ask('DELETE /api/organization/station-pin/locks');
  expect(await unlock(page.token, PIN)).toBe(204);
  const tried = auditPage.parse(await administrator.ask('GET /api/audit?action=unlockStation&size=200'));
  const wrong = Array.from({ length: WRONG_PER_TERMINAL }, () => 'wrong-pin');
  expect(tried.entries.map(({ result }) => result)).toEqual(['done', 'station-pin-locked', ...wrong]);
}, 40_000);

test('the page of a station hears that it is an ordinary desk, or a kiosk again, and so it is after a crash', async () => {
  const administrator = await Administrator.signIn(on.server.organization);
  await administrator.ask('PUT /api/organization/station-pin', { pin: PIN });
  let page = await PageClient.open(on.server.line('201').url);
  const hears = (kiosk: boolean) => page.next(`kiosk: ${kiosk}`, ({ view }) => view?.kiosk === kiosk);
  /** What a page is told as soon as it is opened. */
  const begunAs = () => page.told.map((told) => /"kiosk":(true|false)/.exec(told)?.[1]).find(Boolean);
  expect(begunAs()).toBe('true');
  await administrator.ask('PATCH /api/extensions/201', { kiosk: false });
  await hears(false);
  page.close();
  await on.server.kill();
  await on.server.startAgain();
  page = await PageClient.open(on.server.line('201').url);
  expect(begunAs()).toBe('false');
  await administrator.ask('PATCH /api/extensions/201', { kiosk: true });
  await hears(true);
  page.close();
}, 40_000);
