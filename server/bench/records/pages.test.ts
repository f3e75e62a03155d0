import { api, type Endpoint } from '@perch/shared';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { filesOf, pagesOf } from './pages.ts';

const known = { now: Date.parse('2026-11-27T12:00:00Z'), person: 'somebody' };
const asked = [...pagesOf(known), ...filesOf(known)].map(([, path]) => new URL(path, 'http://perch.test'));

/** What managers read: neither of phones, nor of strangers, nor of the operator of the system. */
const operations = Object.entries<Endpoint>(api).filter(
  ([, { method, access }]) =>
    method === 'GET' && !['terminal', 'anyone', 'manage-organizations'].includes(access),
);
/** These read everything on purpose: a check of every seal, and the archive of one person. */
const WHOLE = ['checkAudit', 'exportPerson', 'held', 'heldPeople', 'ownData'];

/** Of a webhook, which the organization of the bench has not: 50 messages at most; and what is in memory of calls of the last hour, of which it has none. */
const SHORT = ['webhookDeliveries', 'ladders', 'ladder', 'ladderFile'];

const isOf = (path: string, { pathname }: URL): boolean =>
  new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/:\w+/g, '[^/]+')}$`).test(pathname);

test.for(operations.filter(([name]) => ![...WHOLE, ...SHORT].includes(name)))(
  'each list, filter and report of the API is measured: %s',
  ([, { path, query }]) => {
    const pages = asked.filter((url) => isOf(path, url));
    expect(pages).not.toEqual([]);
    for (const { searchParams } of pages) if (query) z.parse(query, Object.fromEntries(searchParams));
    const names = Object.keys((query as { def?: { shape?: object } } | undefined)?.def?.shape ?? {});
    const used = new Set(asked.flatMap(({ searchParams }) => [...searchParams.keys()]));
    // Where a page goes on is made of the one before; a file has one table of a report or the other.
    expect(names.filter((name) => !used.has(name) && !['after', 'table'].includes(name))).toEqual([]);
  },
);
