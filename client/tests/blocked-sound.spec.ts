import { BareBrowser } from './support/bare-browser.ts';
import { expect, test, VOICE } from './support/fixtures.ts';
import { expectTone, keepOwnSounds, loudestOwnTone } from './support/hearing.ts';
import { word } from './support/words.ts';

/** The two tones of the ring, in Hz. */
const RING = [659.25, 830.6];

test('a station that its browser keeps silent says so; one tap, and it rings', async ({ perch, phone }) => {
  const [station, ben] = await Promise.all([
    BareBrowser.open(perch.line('201').url, VOICE['201'], { sound: 'after-a-touch', before: keepOwnSounds }),
    phone('102'),
  ]);
  try {
    await station.expectText(word('health_ready'));
    await station.expectText(word('sound_blocked'));
    await ben.dial('201');
    await station.expectText('Ben');
    const states = 'window.perchOwnSounds.map(({ context }) => context.state)';
    await expect.poll(() => station.value(states)).toEqual(['suspended']);

    await station.tap(word('sound_blocked'));
    await expect.poll(() => station.value('document.body.innerText')).not.toContain(word('sound_blocked'));
    const hertz = await station.value(`(${loudestOwnTone.toString()})()`);
    expect(RING.some((tone) => Math.abs(tone - Number(hertz)) < 12)).toBe(true);
    await station.tap(word('answer'));
    await expectTone(ben.page, VOICE['201']);
  } finally {
    await station.close();
  }
});
