import { api, type Language } from '@perch/shared';
import { flushSync, mount, unmount } from 'svelte';
import '@fontsource-variable/inter/opsz.css';
import '../../src/ui/base.css';
import { parts } from '../../src/pages/terminal/parts.ts';
import { Settings } from '../../src/state/page/settings.svelte.ts';
import type { Phone } from '../../src/state/phone.svelte.ts';
import { TabChannel } from '../../src/state/page/tab-channel.ts';
import * as words from '../../src/words/messages.svelte.ts';
import { Devices } from './devices.ts';
import { Exchange, until } from './exchange.ts';
import Gallery from './gallery.svelte';
import { SCENES } from './scenes.ts';
import { Socket } from './socket.ts';

/** What the server does as soon as it is asked. */
const DONE: readonly string[] = [api.confer.path, api.takeBack.path];

const { reportError } = window;
const devices = new Devices();
Object.assign(window, {
  WebSocket: Socket,
  fetch: (address: string, { method = 'GET' }: RequestInit = {}) => {
    if (DONE.includes(address)) return Promise.resolve(new Response(null, { status: 204 }));
    const answer = exchange?.answers.get(`${method} ${address}`);
    if (answer !== undefined) return Promise.resolve(answer.clone());
    return Promise.reject(new TypeError('no network'));
  },
  gallery: { names: Object.keys(SCENES), show, speak, world: () => exchange },
});
Object.defineProperty(navigator, 'mediaDevices', { value: devices });
Object.defineProperty(navigator, 'permissions', {
  value: { query: () => Promise.resolve(devices.permission) },
});

/** The tab that is the phone, for the scene of another one. */
const leader = new TabChannel('101', ({ kind }) => {
  if (kind !== 'ask') return;
  const plain = { state: 'talking' as const, muted: false, voiceless: false, sent: null, movable: true };
  leader.say({
    kind: 'told',
    phone: {
      who: '101 Ada',
      health: 'ready',
      calls: [
        { local: 0, who: '102 Ben', held: false, can: ['mute', 'hold', 'park', 'hang-up'], ...plain },
        {
          local: 1,
          who: '103 Chloe',
          held: true,
          can: ['mute', 'swap', 'join', 'park', 'hang-up'],
          ...plain,
        },
      ],
      found: [],
    },
  });
});

let shown: object | undefined;
let exchange: Exchange | undefined;

async function show(name: string): Promise<void> {
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`there is no scene ${name}`);
  if (shown !== undefined) await unmount(shown);
  localStorage.clear();
  sessionStorage.clear();
  // A scene may have said that there is none.
  Reflect.deleteProperty(document, 'fullscreenEnabled');
  const settings = new Settings();
  settings.change({ introduced: true });
  await Promise.all(Object.values(parts).map((part) => part.fetch()));

  const { at = 'phone', isFaulty = false, play } = scene;
  window.reportError = isFaulty ? () => undefined : reportError;
  let phone: Phone | undefined;
  const target = document.querySelector('#app') ?? document.body;
  shown = mount(Gallery, { target, props: { at, settings, onphone: (given: Phone) => (phone = given) } });
  flushSync();
  if (at !== 'second tab') {
    await until(() => phone !== undefined);
    const world = (exchange = new Exchange(phone as Phone, devices, at));
    world.connect();
    await until(() => world.phone.word.callsKnown);
    await play(world);
  } else await until(() => document.querySelector('#app h2') !== null);
  flushSync();
}

/** Says everything in that language; mirrored, from right to left. */
async function speak(language: Language, isMirrored = false): Promise<void> {
  const page = document.documentElement;
  const dir = isMirrored ? 'rtl' : 'ltr';
  // The same language is not loaded a second time.
  if (page.dir !== dir && page.lang === language) await words.speak(language === 'en' ? 'de' : 'en', 'first');
  page.dir = dir;
  await words.speak(language, 'first');
  flushSync();
}
