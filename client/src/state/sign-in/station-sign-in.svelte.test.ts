import type { ProblemCode } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StationSignIn } from './station-sign-in.svelte.ts';

const phone = { number: '101', token: 'token' };
const coded = {
  station: { number: '201', name: 'Front desk' },
  agent: { number: '101', name: 'Ada' },
  ...{ place: null, guest: null },
};
/** Why the confirmation is refused. */
let refused: { readonly code: ProblemCode; readonly status: number } | undefined;

beforeEach(() => {
  vi.stubGlobal('fetch', async (path: string) => {
    if (path.endsWith('/station')) return Response.json(coded);
    if (refused === undefined) return new Response(null, { status: 204 });
    const { code, status } = refused;
    return Response.json(
      { type: 'about:blank', title: 'Refused', status, detail: 'It says why.', code },
      { status },
    );
  });
});
afterEach(() => vi.unstubAllGlobals());

async function confirmed(): Promise<StationSignIn> {
  const signIn = new StationSignIn('scanned');
  await signIn.choose(phone);
  expect(signIn.step).toMatchObject({ kind: 'asking', code: 'scanned' });
  await signIn.confirm();
  return signIn;
}

test('somebody whose code is worth nothing any more is told why, and asked for another one', async () => {
  refused = { code: 'link-invalid', status: 410 };
  const signIn = await confirmed();
  expect([signIn.step, signIn.task.refusal]).toEqual([{ kind: 'typing', phone }, 'It says why.']);
  refused = undefined;
  await signIn.look('another');
  expect(signIn.task.refusal).toBeUndefined();
  await signIn.confirm();
  expect(signIn.step).toMatchObject({ kind: 'done', coded });
});

test('where the station is busy, the same code is tried again', async () => {
  refused = { code: 'calls-busy', status: 409 };
  const signIn = await confirmed();
  expect([signIn.step.kind, signIn.task.refusal]).toEqual(['asking', 'It says why.']);
  refused = undefined;
  await signIn.confirm();
  expect(signIn.step.kind).toBe('done');
});
