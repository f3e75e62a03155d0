import { afterEach, expect, test, vi } from 'vitest';
import { PageReports } from './page-report.ts';

afterEach(() => vi.unstubAllGlobals());

/** A browser with a microphone, and what it has told the server. */
function browser() {
  const permission = Object.assign(new EventTarget(), { state: 'granted' });
  const devices = [{ kind: 'audioinput' }];
  const media = Object.assign(new EventTarget(), { enumerateDevices: async () => devices });
  const told: unknown[] = [];
  const world = { permission, devices, media, told, offset: 0, reachable: true };
  vi.stubGlobal('navigator', { permissions: { query: async () => permission }, mediaDevices: media });
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    if (!world.reachable) throw new TypeError('no network');
    told.push(JSON.parse(body));
    return new Response(null, { status: 204 });
  });
  return { world, reports: new PageReports({ token: 't', offset: () => world.offset }) };
}

test('a page tells what it is once, and again when the microphone or the clock is different', async () => {
  const { world, reports } = browser();
  await reports.look();
  await reports.look();
  expect(world.told).toEqual([{ microphone: 'granted', clockAhead: 0, version: '' }]);
  world.permission.state = 'denied';
  world.offset = 20_000;
  await reports.look();
  expect(world.told.at(-1)).toEqual({ microphone: 'denied', clockAhead: -20_000, version: '' });
  world.offset = 40_000;
  await reports.look();
  expect(world.told).toHaveLength(2);
  world.offset = -120_000.4;
  await reports.look();
  expect(world.told.at(-1)).toEqual({ microphone: 'denied', clockAhead: 120_000, version: '' });
  world.devices.length = 0;
  await reports.look();
  expect(world.told.at(-1)).toMatchObject({ microphone: 'missing' });
});

test('what a server was not told, or has forgotten, is told at the next look', async () => {
  const { world, reports } = browser();
  world.reachable = false;
  await reports.look();
  world.reachable = true;
  await reports.look();
  expect(world.told).toHaveLength(1);
  reports.forget();
  await reports.look();
  expect(world.told).toHaveLength(2);
});

test('while it is watched, a permission that is withdrawn and a device that comes are told at once', async () => {
  const { world, reports } = browser();
  const end = reports.watch();
  await vi.waitFor(() => expect(world.told).toHaveLength(1));
  world.permission.state = 'denied';
  world.permission.dispatchEvent(new Event('change'));
  await vi.waitFor(() => expect(world.told.at(-1)).toMatchObject({ microphone: 'denied' }));
  world.permission.state = 'granted';
  world.media.dispatchEvent(new Event('devicechange'));
  await vi.waitFor(() => expect(world.told.at(-1)).toMatchObject({ microphone: 'granted' }));
  end();
  world.permission.state = 'denied';
  world.permission.dispatchEvent(new Event('change'));
  await reports.look();
  expect(world.told).toHaveLength(4);
});
