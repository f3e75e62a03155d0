import { callId } from '@perch/shared';
import { flushSync } from 'svelte';
import { afterEach, describe, expect, test } from 'vitest';
import { Recents } from './recents.svelte.ts';

const BEN = { number: '102', name: 'Ben' };

afterEach(() => {
  sessionStorage.clear();
});

describe('the calls of this session', () => {
  test('begin with the last one', () => {
    const recents = new Recents();
    recents.add({ call: null, with: BEN, kind: 'incoming', at: 1 });
    recents.add({ call: null, with: BEN, kind: 'outgoing', at: 2 });
    expect(recents.list.map(({ at }) => at)).toEqual([2, 1]);
  });

  test('are shown again when one is added', () => {
    const recents = new Recents();
    const seen: number[] = [];
    const stop = $effect.root(() => {
      $effect(() => {
        seen.push(recents.list.length);
      });
    });
    flushSync();
    recents.add({ call: null, with: BEN, kind: 'missed', at: 1 });
    flushSync();
    stop();
    expect(seen).toEqual([0, 1]);
  });

  test('that were missed are counted until the list has been looked at', () => {
    const recents = new Recents();
    recents.add({ call: null, with: BEN, kind: 'missed', at: 1 });
    recents.add({ call: null, with: BEN, kind: 'elsewhere', at: 2 });
    recents.add({ call: null, with: BEN, kind: 'declined', at: 3 });
    recents.add({ call: null, with: BEN, kind: 'missed', at: 4 });
    expect(recents.missed).toBe(2);
    recents.look();
    expect(recents.missed).toBe(0);
    recents.add({ call: null, with: BEN, kind: 'missed', at: 5 });
    expect(recents.missed).toBe(1);
  });

  test('of the owner of a personal phone outlast a reload, with what was looked at', () => {
    const before = new Recents();
    before.begin('101');
    before.add({ call: null, with: BEN, kind: 'missed', at: 1 });
    before.look();
    before.add({ call: null, with: BEN, kind: 'missed', at: 2 });
    const after = new Recents();
    after.begin('101');
    expect(after.list).toEqual(before.list);
    expect(after.missed).toBe(1);
    after.begin('103');
    expect(after.list).toEqual([]);
  });

  test('of a guest or a station are in no storage, and gone with the session', () => {
    const recents = new Recents();
    recents.begin('101');
    recents.begin(null);
    recents.add({ call: null, with: BEN, kind: 'missed', at: 1 });
    expect(Object.keys(sessionStorage)).toEqual([]);
    recents.begin(null);
    expect(recents.list).toEqual([]);
  });

  test('that were lost with the line were not missed once they ring again, even if the same person has called since', () => {
    const recents = new Recents();
    recents.begin('101');
    recents.add({ call: callId('a'), with: BEN, kind: 'missed', at: 1 });
    recents.add({ call: callId('b'), with: BEN, kind: 'missed', at: 2 });
    recents.add({ call: callId('a'), with: BEN, kind: 'incoming', at: 3 });
    recents.takeBack(callId('a'));
    recents.takeBack(callId('c'));
    expect(recents.list.map(({ at }) => at)).toEqual([3, 2]);
    const after = new Recents();
    after.begin('101');
    expect(after.list).toEqual(recents.list);
  });

  test('that an earlier version of the page has stored are kept', () => {
    sessionStorage.setItem(
      'perch.recents.101',
      JSON.stringify([{ with: BEN, kind: 'missed', at: 1, seen: false }]),
    );
    const recents = new Recents();
    recents.begin('101');
    expect(recents.list).toEqual([{ call: null, with: BEN, kind: 'missed', at: 1, seen: false }]);
  });

  test('are begun anew where the storage holds nonsense', () => {
    sessionStorage.setItem('perch.recents.101', '[{"with":1}]');
    const recents = new Recents();
    recents.begin('101');
    expect(recents.list).toEqual([]);
  });
});
