import { extensionId, type ExtensionId, type TerminalId } from '@perch/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { VirtualizationRecord } from '../../exchange/virtualization/record.ts';
import { startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  await server.setUp();
  for (const [number, name, kind] of [
    ['101', 'Ada', 'person'],
    ['201', 'Front desk', 'station'],
  ] as const)
    await server.call('POST /api/extensions', { body: { number, name, kind, allowVirtualization: true } });
});
afterEach(() => server.close());

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** Keeps a record, as the Virtualization Center does. */
function recorded(
  at: number,
  extension: ExtensionId,
  terminal: TerminalId | null,
  what: Partial<VirtualizationRecord>,
): Promise<void> {
  const { organization } = server.extensionOf('101');
  const blank = { action: 'move', way: 'dialled', who: null, asked: '101', previousGuest: null } as const;
  const record = { ...blank, at, extension, terminal, result: 'wrong-code', endings: [], ...what } as const;
  return server.storage.virtualizations(organization).commit({ ended: [], begun: [], buckets: [], record });
}

test('the attempts to move an extension: when, where and with which result, the latest first', async () => {
  const [ada, desk] = [server.extensionOf('101'), server.extensionOf('201')];
  await recorded(1, ada.id, desk.terminal, {});
  await recorded(2, extensionId('somebody else'), desk.terminal, {});
  await recorded(3, ada.id, desk.terminal, { result: 'locked-out' });
  await recorded(4, ada.id, null, { action: 'lift-lock', way: 'administrator', result: 'accepted' });
  await recorded(5, ada.id, desk.terminal, { result: 'accepted' });
  await recorded(6, ada.id, desk.terminal, { action: 'return', result: 'accepted' });
  await recorded(7, ada.id, ada.terminal, { result: 'dropped' });
  const at = (instant: number, { number, name }: { number: string; name: string }, result: string) => ({
    ...{ at: instant, desk: { number, name }, result },
  });
  expect((await server.call('GET /api/extensions/101/move-attempts')).json).toEqual([
    at(7, ada, 'left'),
    at(5, desk, 'moved'),
    { at: 4, desk: null, result: 'lock-lifted' },
    at(3, desk, 'locked-out'),
    at(1, desk, 'wrong-code'),
  ]);
  expect(await server.refusal('GET /api/extensions/999/move-attempts')).toBe('404 not-found');
});

test('a lock is lifted in the name of the one who asks', async () => {
  expect((await server.call('DELETE /api/extensions/101/lock')).status).toBe(204);
  expect(server.exchanges.only.told.at(-1)).toBe('lift-lock 101 boss@demo.test');
  expect(await server.refusal('DELETE /api/extensions/999/lock')).toBe('404 not-found');
});

test('the owner sees and sets the same at their own phone', async () => {
  const { token } = await server.enrol('101');
  const { id, terminal } = server.extensionOf('101');
  await recorded(1, id, terminal, {});
  const guessing = { wrongAt: [1], lockedUntil: 9, terminalLockedUntil: null };
  server.exchanges.only.guessing = guessing;
  const set = (code: string) => ({ body: { code }, ...bearer(token) });
  expect(await server.refusal('PUT /api/terminal/secret-code', set('1234'))).toBe('422 weak-code');
  expect((await server.call('PUT /api/terminal/secret-code', set('4711'))).status).toBe(204);
  expect((await server.call('DELETE /api/terminal/lock', bearer(token))).status).toBe(204);
  expect(server.exchanges.only.told.at(-1)).toBe('lift-lock 101 101');
  expect((await server.call('GET /api/terminal/setup', bearer(token))).json).toEqual({
    hasSecretCode: true,
    guessing,
    attempts: [{ at: 1, desk: { number: '101', name: 'Ada' }, result: 'wrong-code' }],
  });
});

test('not at a station, and not at a phone with a guest: nobody there is the owner', async () => {
  const station = await server.enrol('201');
  const phone = await server.enrol('101');
  server.exchanges.only.mailboxes.locked = true;
  for (const { token } of [station, phone])
    for (const request of [
      'GET /api/terminal/setup',
      'PUT /api/terminal/secret-code',
      'DELETE /api/terminal/lock',
    ])
      expect(
        await server.refusal(request, {
          ...bearer(token),
          ...(request.startsWith('PUT') && { body: { code: '4711' } }),
        }),
      ).toBe('403 not-own-phone');
});
