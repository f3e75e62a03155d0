import { afterEach, expect, test, vi } from 'vitest';
import { followMediaKeys, followPictureInPicture, showMuted, showWith } from './media-keys.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

function sessionOf(unknown?: string) {
  const handlers = new Map<string, (() => void) | null>();
  const session = {
    playbackState: 'none',
    active: null as boolean | null,
    metadata: null as { readonly title: string } | null,
    setActionHandler: (action: string, handler: (() => void) | null) => {
      if (action === unknown) throw new TypeError(action);
      handlers.set(action, handler);
    },
    setMicrophoneActive: (active: boolean) => {
      session.active = active;
    },
  };
  vi.stubGlobal('navigator', { mediaSession: session });
  return { session, press: (action: string) => handlers.get(action)?.() };
}

test('the keys of a headset hang up and mute as long as there is a call', () => {
  const { session, press } = sessionOf();
  const pressed: string[] = [];
  const end = followMediaKeys({
    hangUp: () => void pressed.push('hang up'),
    toggleMute: () => void pressed.push('mute'),
  });
  expect(session.playbackState).toBe('playing');
  press('togglemicrophone');
  press('hangup');
  showMuted(true);
  expect([pressed, session.active]).toEqual([['mute', 'hang up'], false]);
  end();
  press('hangup');
  expect([pressed.length, session.playbackState]).toEqual([2, 'none']);
});

test('a browser that does not know a key, or has none, is left alone', () => {
  const { press } = sessionOf('togglemicrophone');
  let hungUp = false;
  const end = followMediaKeys({ hangUp: () => (hungUp = true), toggleMute: () => undefined });
  press('hangup');
  expect(hungUp).toBe(true);
  end();
  vi.stubGlobal('navigator', {});
  followMediaKeys({ hangUp: () => undefined, toggleMute: () => undefined })();
  showMuted(false);
  showWith('102 Ben')();
});

test('the system is told who a call is with, and forgets it', () => {
  vi.stubGlobal(
    'MediaMetadata',
    class {
      readonly title: string;
      constructor({ title }: { readonly title: string }) {
        this.title = title;
      }
    },
  );
  const { session } = sessionOf();
  const end = showWith('102 Ben');
  expect(session.metadata?.title).toBe('102 Ben');
  end();
  expect(session.metadata).toBeNull();
});

test('a browser asks for a small window only while there is a call', () => {
  const { press } = sessionOf();
  let asked = 0;
  const end = followPictureInPicture(() => (asked += 1));
  press('enterpictureinpicture');
  end();
  press('enterpictureinpicture');
  expect(asked).toBe(1);
});
