import { afterEach, describe, expect, test, vi } from 'vitest';
import { m } from '../../words/messages.svelte.ts';
import type { ActiveCall } from '../calls/active-call.svelte.ts';
import { PageEnd } from './page-end.ts';
import { nameOf } from '../sentences.ts';

const CHLOE = { number: '103', name: 'Chloe' };

afterEach(() => {
  sessionStorage.clear();
});

/** A page of 102 with a call in that state, and the sentences that it shows. */
function page({
  state = 'talking',
  isPersonal = true,
  unfinished = false,
  locked = false,
  stay = null as number | null,
  theirs = true,
  live = [] as readonly string[],
  kind = 'person' as 'person' | 'isCenter' | 'isVoicemail' | 'isEcho',
} = {}) {
  const call = {
    id: 'a',
    number: '103',
    isVoicemail: false,
    isEcho: false,
    isCenter: false,
    [kind]: true,
    isInherited: !theirs,
    state: { kind: state },
  } as unknown as ActiveCall;
  const [said, called]: [string[], string[]] = [[], []];
  const end = new PageEnd('102', {
    calls: { all: [call] },
    notices: {
      show: (text, _tone, action) => {
        said.push(text);
        action?.run();
      },
    },
    isUnfinished: () => unfinished,
    nameable: () => (isPersonal ? CHLOE : null),
    mayName: () => isPersonal,
    stay: () => stay,
    isLive: (id) => live.includes(id),
    dial: (number) => called.push(number),
    isLocked: () => locked,
  });
  return { end, said, called };
}

describe('a page that goes', () => {
  test('would lose a call or what is unfinished, and not what rings', () => {
    expect(page().end.wouldLose).toBe(true);
    expect(page({ state: 'alerting' }).end.wouldLose).toBe(true);
    expect(page({ state: 'offered' }).end.wouldLose).toBe(false);
    expect(page({ state: 'offered', unfinished: true }).end.wouldLose).toBe(true);
  });

  test('that only a PIN lets somebody leave asks before, but not where it loads itself anew', () => {
    expect(page({ state: 'offered' }).end.asksFirst).toBe(false);
    expect(page().end.asksFirst).toBe(true);
    const { end } = page({ state: 'offered', locked: true });
    expect([end.asksFirst, end.wouldLose]).toEqual([true, false]);
    const reload = vi.fn<() => void>();
    vi.stubGlobal('location', { reload });
    end.reload();
    vi.unstubAllGlobals();
    expect(reload).toHaveBeenCalledOnce();
    expect(end.asksFirst).toBe(false);
  });

  test('in a call is reported by the next one, which offers to call back', () => {
    page().end.leave(false);
    const next = page();
    next.end.tell();
    next.end.tell();
    expect(next.said).toEqual([m.call_with_cut_by_reload({ who: nameOf(CHLOE) })]);
    expect(next.called).toEqual(['103']);
  });

  test('says nothing of a call that goes on', () => {
    page().end.leave(false);
    const next = page({ live: ['a'] });
    next.end.tell();
    expect(next.said).toEqual([]);
  });

  test.for([
    ['isCenter', '*30'],
    ['isVoicemail', '*97'],
    ['isEcho', '*43'],
  ] as const)('in a call with the server (%s) is reported, with a way to call it again', ([kind, code]) => {
    page({ kind, isPersonal: false }).end.leave(false);
    expect(JSON.stringify({ ...sessionStorage })).not.toMatch(/103|Chloe/);
    const next = page({ live: ['a'], isPersonal: false });
    next.end.tell();
    expect([next.said, next.called]).toEqual([[m.visit_cut_by_reload({ code })], [code]]);
  });

  test('leaves no name in the browser on a station, or with a guest', () => {
    page({ isPersonal: false }).end.leave(false);
    expect(JSON.stringify({ ...sessionStorage })).not.toMatch(/103|Chloe/);
    const next = page({ isPersonal: false });
    next.end.tell();
    expect([next.said, next.called]).toEqual([[m.call_cut_by_reload()], []]);
  });

  test('is reported only to the person whose call it was', () => {
    const told = (before: Parameters<typeof page>[0], now: Parameters<typeof page>[0]): number => {
      page({ isPersonal: false, ...before }).end.leave(false);
      const next = page({ isPersonal: false, ...now });
      next.end.tell();
      return next.said.length;
    };
    expect(told({ stay: 1 }, { stay: 1 })).toBe(1);
    expect(told({ stay: 1 }, {})).toBe(0);
    expect(told({ stay: 1 }, { stay: 2 })).toBe(0);
    expect(told({}, { stay: 2 })).toBe(0);
    expect(told({ theirs: false }, {})).toBe(0);
  });

  test('and may be restored from the cache leaves nothing to report', () => {
    page().end.leave(true);
    expect(Object.keys(sessionStorage)).toEqual([]);
  });
});
