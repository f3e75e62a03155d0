import { describe, expect, test } from 'vitest';
import type { MediaState } from './call.ts';
import { mediaOf, shouldHear, type SoundPath, soundPath, type SoundPathEffect, step } from './sound-path.ts';

/** A call whose sound flows, and how it goes on. */
class Watched {
  path: SoundPath;
  readonly effects: SoundPathEffect[] = [];
  #now = 1_000_000;
  #packets = 0;

  constructor(direction: SoundPath['direction'] = 'incoming') {
    this.path = soundPath(direction);
    this.says('flowing');
    this.looks(1);
  }

  get media(): MediaState {
    return mediaOf(this.path);
  }

  says(media: MediaState): this {
    return this.#take({ kind: 'media', media, now: this.#now });
  }

  /** So many looks, 250 ms each, at which packets have arrived, or not. */
  looks(count: number, { arrives = true, expected = true } = {}): this {
    for (let look = 0; look < count; look++) {
      this.#now += 250;
      if (arrives) this.#packets += 12;
      this.#take({ kind: 'looked', packets: this.#packets, expected, now: this.#now });
    }
    return this;
  }

  restored(atOnce: boolean): this {
    return this.#take({ kind: 'line-restored', atOnce, now: this.#now });
  }

  /** Another session has taken the place of the one before, with a connection of its own, over which packets arrive, or not. */
  succeeded(how = { arrives: true }): this {
    this.#packets = 0;
    return this.looks(1, how);
  }

  #take(event: Parameters<typeof step>[1]): this {
    const [path, effects] = step(this.path, event);
    this.path = path;
    this.effects.push(...effects);
    return this;
  }
}

const silent = { arrives: false };

describe('sound that no longer arrives', () => {
  test('makes the page ask whether its line stands after half a second, once', () => {
    const call = new Watched().looks(1, silent);
    expect(call.effects).toEqual([]);
    call.looks(2, silent);
    expect(call.effects).toEqual(['ask-line']);
    call.looks(1).looks(2, silent);
    expect(call.effects).toEqual(['ask-line', 'ask-line']);
  });

  test('is interrupted after a second, long before a browser says so, and flows again with the first packet', () => {
    const call = new Watched().looks(3, silent);
    expect(call.media).toBe('flowing');
    call.looks(1, silent);
    expect(call.media).toBe('interrupted');
    call.looks(1);
    expect(call.media).toBe('flowing');
  });

  test('is what the browser says where that is worse, and before it has flowed', () => {
    expect(new Watched().says('interrupted').media).toBe('interrupted');
    const call = new Watched();
    call.path = soundPath('outgoing');
    call.looks(8, silent);
    expect([call.media, call.effects]).toEqual(['connecting', []]);
  });

  test('is nothing where none is expected', () => {
    const call = new Watched().looks(100, { arrives: false, expected: false });
    expect([call.media, call.effects]).toEqual(['flowing', []]);
    call.looks(1, silent);
    expect(call.effects).toEqual([]);
  });

  test('arrives over another connection, whatever that has counted', () => {
    expect(new Watched().looks(100).looks(4, silent).succeeded().media).toBe('flowing');
  });
});

describe('once the line is back', () => {
  test('a call over which sound arrives keeps its session', () => {
    expect(new Watched().restored(true).looks(100).effects).toEqual([]);
  });

  test('a call gets another session at once where only the line and the path were lost', () => {
    const call = new Watched().looks(5, silent).restored(true);
    expect(call.effects).toEqual(['ask-line', 'renew']);
  });

  test('a path that comes back with the network is kept; one that does not has half a second', () => {
    expect(new Watched().looks(20, silent).restored(false).looks(1, silent).looks(60).effects).toEqual([
      'ask-line',
    ]);
    const call = new Watched().looks(20, silent).restored(false).looks(1, silent);
    expect(call.effects).toEqual(['ask-line']);
    call.looks(1, silent);
    expect(call.effects).toEqual(['ask-line', 'renew']);
  });

  test('a path that breaks once more is another matter: the line may be dead, too', () => {
    const call = new Watched().looks(20, silent).restored(false).looks(8).looks(8, silent);
    expect(call.effects).toEqual(['ask-line', 'ask-line']);
  });

  test('another session over which nothing arrives is no reason to wait any longer: after 4 s a further one is asked for', () => {
    const call = new Watched()
      .looks(100)
      .looks(4, silent)
      .restored(true)
      .succeeded(silent)
      .says('connecting');
    expect(call.effects).toEqual(['ask-line', 'renew']);
    call.looks(14, silent);
    expect(call.effects).toEqual(['ask-line', 'renew']);
    call.looks(1, silent);
    expect(call.effects).toEqual(['ask-line', 'renew', 'renew']);
    call.succeeded().says('flowing').looks(100);
    expect(call.effects).toEqual(['ask-line', 'renew', 'renew']);
  });

  test('another session has 4 s, then a further one is asked for', () => {
    const call = new Watched().looks(5, silent).restored(true).looks(15, silent);
    expect(call.effects).toEqual(['ask-line', 'renew']);
    call.looks(1, silent);
    expect(call.effects).toEqual(['ask-line', 'renew', 'renew']);
  });

  test('sound that the browser finds broken soon after has broken with the line', () => {
    const held = { arrives: false, expected: false };
    expect(new Watched().restored(false).looks(20, held).says('interrupted').effects).toEqual(['renew']);
    expect(new Watched().restored(false).looks(60, held).says('interrupted').effects).toEqual([]);
  });
});

describe('sound that stays away while the line stands', () => {
  test.for([
    ['outgoing', 32],
    ['incoming', 48],
  ] as const)('gets another session, first from the one who called: %s', ([direction, looks]) => {
    const call = new Watched(direction).looks(20, silent).says('interrupted');
    call.looks(looks - 21, silent);
    expect(call.effects).toEqual(['ask-line']);
    call.looks(1, silent);
    expect(call.effects).toEqual(['ask-line', 'renew']);
  });

  test.for([
    ['outgoing', 32],
    ['incoming', 48],
  ] as const)('or never comes, as no path is found: %s', ([direction, looks]) => {
    const call = new Watched(direction).says('connecting').looks(looks - 1, silent);
    expect(call.effects).toEqual([]);
    call.looks(1, silent);
    expect(call.effects).toEqual(['renew']);
    // The session that was asked for has as much time.
    call.says('connecting').looks(looks - 1, silent);
    expect(call.effects).toEqual(['renew']);
    call.looks(1, silent);
    expect(call.effects).toEqual(['renew', 'renew']);
  });

  test('is not missed from one who is on hold before a path is found', () => {
    const call = new Watched('outgoing').says('connecting').looks(100, { arrives: false, expected: false });
    expect(call.effects).toEqual([]);
  });
});

test('where the browser still finds the path good after 10 s, nothing is sent: no other session would help', () => {
  const call = new Watched('outgoing').looks(39, silent);
  expect(call.media).toBe('interrupted');
  call.looks(100, silent);
  expect([call.media, call.effects]).toEqual(['flowing', ['ask-line']]);
});

test.for([
  [{ here: false, there: false }, 'connected', true],
  [{ here: false, there: false }, undefined, true],
  [{ here: true, there: false }, 'connected', false],
  [{ here: false, there: true }, 'connected', false],
  [{ here: false, there: false }, 'reconnecting', false],
] as const)('hold %o, other side %s: should sound arrive? %s', ([hold, otherSide, expected]) => {
  expect(shouldHear(hold, otherSide)).toBe(expected);
});
