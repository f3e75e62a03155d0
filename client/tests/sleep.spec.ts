import { PROMPT_TEXTS } from '@perch/shared';
import { BareBrowser } from './support/bare-browser.ts';
import { expect, test, VOICE } from './support/fixtures.ts';
import { word } from './support/words.ts';

/** Notes whether a name can be seen in anything that the page shows, from when it is frozen: browsers paint no frames of it for a while. */
const WATCH_FOR_ADA = `
  window.seen = [];
  document.addEventListener('freeze', () => {
    const look = () => {
      if (document.body.innerText.includes('Ada')) window.seen.push(document.body.innerText);
    };
    look();
    const everything = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver(look).observe(document.body, everything);
  });`;

test('a frozen page: it is seen asleep, its calls go to voicemail, and once it runs again it is right, and names no one who has left', async ({
  perch,
  phone,
}) => {
  const guest = perch.line('101');
  const [station, ada, ben] = await Promise.all([
    BareBrowser.open(perch.line('201').url, VOICE['201']),
    phone('101'),
    phone('102'),
  ]);
  try {
    await station.expectText(word('health_ready'));
    await station.type([...`*30${guest.number}`, 'Enter']);
    await station.expectText(PROMPT_TEXTS.en['enter-code']);
    await station.type([...(guest.secretCode ?? ''), '#']);
    await station.expectText('Ada');
    await ada.expectAway('Front desk', '201');
    const seenByBen = ben.page.getByRole('button', { name: /101 Ada/ });
    await expect(seenByBen).toContainText(word('presence_available'));
    await station.value(WATCH_FOR_ADA);

    await expect(async () => {
      // Again each time: a browser may let a page run without being asked to.
      await station.freeze();
      await expect(seenByBen).toContainText(word('presence_asleep'), { timeout: 2_000 });
    }).toPass({ timeout: 35_000 });
    await seenByBen.click();
    await ben.expectSaid(PROMPT_TEXTS.en['leave-message']);
    await ben.hangUp();
    await ada.dial('*30');
    await ada.expectHome();

    await station.thaw();
    await station.expectText(word('health_ready'), 5_000);
    expect(await station.value('window.seen')).toEqual([]);
    await ben.dial('201');
    await station.expectText('Ben');
  } finally {
    await station.close();
  }
});
