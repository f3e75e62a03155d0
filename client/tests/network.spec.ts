import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { DemoServer } from '../../server/tests/support/demo-server.ts';
import { FLAGS, voiceFlags, wholeChromiumPath } from './support/chromium.ts';
import { expect, test as base, toneSettings, VOICE } from './support/fixtures.ts';
import { Handset } from './support/handset.ts';
import { expectOwnTone, expectTone, hearOwnTones, longestSilence, record } from './support/hearing.ts';
import { OwnNetwork, whyNoOwnNetwork } from './network/own-network.ts';
import { TurnServer } from './network/turn-server.ts';
import { coturnPath } from './support/programs.ts';
import { writeTone } from './support/tone.ts';
import { word } from './support/words.ts';

/** How long the network is away (milliseconds). */
const CUT_MS = 5_000;
/** How soon sound is back once there is a network (milliseconds). */
const BACK_MS = 2_000;
/** How soon a page says that sound is being lost (milliseconds): browsers report every 5 s what arrives. */
const JUDGED_MS = 20_000;
/** How late a browser sees that it has another address (milliseconds): Chromium waits for further changes. */
const SEEN_MS = 2_000;
/** The sign that the other side is being waited for (client/src/media/tones.ts), in Hz. */
const RECONNECTING = 330;

const obstacle =
  coturnPath === undefined ? 'There is no TURN server here: apt-get install coturn.' : whyNoOwnNetwork();
base.skip(obstacle !== undefined, obstacle);

interface Fixtures {
  readonly network: OwnNetwork;
  readonly turn: TurnServer;
  readonly perch: DemoServer;
  /** A browser in that network, with the voice of 101. */
  readonly away: BrowserContext;
}

const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures that are needed from it
  network: async ({}, use) => {
    const network = OwnNetwork.open();
    await use(network);
    network.close();
  },
  turn: async ({ network }, use) => {
    const turn = await TurnServer.start(network.outside);
    await use(turn);
    await turn.stop();
  },
  perch: async ({ turn }, use) => {
    const perch = await DemoServer.start(turn.environment);
    await use(perch);
    await perch.stop();
  },
  away: async ({ network, perch }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'perch-voice-'));
    const wav = join(folder, 'voice.wav');
    await writeTone(wav, VOICE['101']);
    const browser = await chromium.launch({
      executablePath: network.commandFor(wholeChromiumPath ?? chromium.executablePath()),
      args: [
        ...FLAGS,
        ...voiceFlags(wav),
        `--unsafely-treat-insecure-origin-as-secure=${urlFrom(network, perch).origin}`,
      ],
      ignoreDefaultArgs: ['--mute-audio'],
    });
    const context = await browser.newContext({ permissions: ['microphone'] });
    await context.addInitScript(toneSettings);
    await use(context);
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  },
});

test('a call outlives its network: cut for 5 s, another address, and one that only lets a relay through', async ({
  network,
  turn,
  perch,
  away,
  contextOf,
}) => {
  const here = await contextOf('102');
  await hearOwnTones(here);
  const [ada, ben] = await Promise.all([
    away.newPage().then((page) => new Handset(page, '101')),
    here.newPage().then((page) => new Handset(page, '102')),
  ]);
  await Promise.all([ada.open(urlFrom(network, perch).href), ben.open(perch.line('102').url)]);
  await ben.dial('101');
  await ada.answer();
  /** Both sides hear each other again, after a silence not much longer than the network was away (milliseconds). */
  const goesOn = async (awayMs: number): Promise<void> => {
    await expectTone(ben.page, VOICE['101']);
    await expectTone(ada.page, VOICE['102']);
    for (const { page } of [ada, ben]) expect(await longestSilence(page)).toBeLessThan(awayMs + BACK_MS);
    await Promise.all([ada.expectTalking(), ben.expectTalking()]);
  };
  await goesOn(0);
  const interrupted = ({ page }: Handset) => page.getByText(word('call_interrupted'));
  /** That sound is fair or poor, and whose connection that is: the browsers repair most of what is lost. */
  const blames = ({ page }: Handset, whose: 'ours' | 'theirs') =>
    page.getByText(word(`quality_fair_${whose}`)).or(page.getByText(word(`quality_poor_${whose}`)));

  await test.step('a quarter of what Ada says is lost: both pages say whose connection that is', async () => {
    network.lose(0.25);
    for (const saying of [blames(ada, 'ours'), blames(ben, 'theirs')])
      await expect(saying).toBeVisible({ timeout: JUDGED_MS });
    await expectTone(ben.page, VOICE['101']);
    network.lose(0);
  });

  await test.step('the cable is pulled out for 5 s', async () => {
    await Promise.all([record(ada.page), record(ben.page)]);
    const cutAt = Date.now();
    network.unplug();
    await Promise.all([expect(interrupted(ada)).toBeVisible(), expect(interrupted(ben)).toBeVisible()]);
    await expectOwnTone(ben.page, RECONNECTING);
    await new Promise((resolve) => setTimeout(resolve, cutAt + CUT_MS - Date.now()));
    network.plugIn();
    const cutMs = Date.now() - cutAt;
    await goesOn(cutMs);
    await expect(interrupted(ben)).toBeHidden();
    await ada.expectReady();
  });

  await test.step('it is another network', async () => {
    await Promise.all([record(ada.page), record(ben.page)]);
    network.changeAddress();
    await goesOn(SEEN_MS);
    await ada.expectReady();
  });

  await test.step('it is another network, which lets no UDP through but to the relay', async () => {
    await Promise.all([record(ada.page), record(ben.page)]);
    network.allowUdpOnlyTo(turn.port);
    network.changeAddress();
    await goesOn(SEEN_MS);
  });

  await test.step('and nothing is lost any more', async () => {
    await expect(blames(ada, 'ours')).toBeHidden({ timeout: JUDGED_MS });
  });

  await test.step('the other side hangs up before it is known that this is yet another network', async () => {
    network.changeAddress();
    await ben.hangUp();
    await ada.expectIdle();
    await expect(ada.page.getByText(word('ending_there', { who: '' }))).toBeVisible();
    await ada.expectReady();
  });
});

/** The link of 101, as it is opened in that network. */
function urlFrom(network: OwnNetwork, perch: DemoServer): URL {
  const url = new URL(perch.line('101').url);
  url.hostname = network.outside;
  return url;
}
