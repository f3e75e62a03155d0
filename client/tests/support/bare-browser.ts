import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect } from '@playwright/test';
import { FLAGS, type SoundPolicy, voiceFlags, wholeChromiumPath } from './chromium.ts';
import { writeTone } from './tone.ts';

interface BareOptions {
  readonly sound?: SoundPolicy;
  /** Runs in the page before its own scripts. */
  readonly before?: () => void;
}

/**
 * A page in a Chromium of its own, driven by the DevTools protocol alone: Playwright makes every page believe that it has the focus, and
 * such a page cannot be frozen; and whatever it asks of a page counts as a touch of its person.
 */
export class BareBrowser {
  readonly #socket: WebSocket;
  readonly #end: () => Promise<void>;
  #sent = 0;

  private constructor(socket: WebSocket, end: () => Promise<void>) {
    this.#socket = socket;
    this.#end = end;
  }

  static async open(url: string, hertz: number, { sound, before }: BareOptions = {}): Promise<BareBrowser> {
    const folder = await mkdtemp(join(tmpdir(), 'perch-bare-'));
    await writeTone(join(folder, 'voice.wav'), hertz);
    const program = spawn(
      wholeChromiumPath ?? chromium.executablePath(),
      [
        '--headless',
        '--remote-debugging-port=0',
        `--user-data-dir=${folder}`,
        ...FLAGS,
        ...voiceFlags(join(folder, 'voice.wav'), sound),
        before === undefined ? url : 'about:blank',
      ],
      { stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => program.once('exit', resolve));
    let target = '';
    await expect(async () => {
      const [port = ''] = (await readFile(join(folder, 'DevToolsActivePort'), 'utf8')).split('\n');
      const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as readonly {
        readonly type: string;
        readonly webSocketDebuggerUrl: string;
      }[];
      target = targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl ?? '';
      expect(target).not.toBe('');
    }).toPass({ timeout: 20_000 });
    const socket = new WebSocket(target);
    await new Promise((resolve) => {
      socket.addEventListener('open', resolve, { once: true });
    });
    const browser = new BareBrowser(socket, async () => {
      socket.close();
      program.kill();
      await ended;
      // Its children may still write.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    });
    if (before !== undefined) {
      await browser.send('Page.enable');
      await browser.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${before.toString()})()` });
      await browser.send('Page.navigate', { url });
    }
    return browser;
  }

  send(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#sent;
    return new Promise((resolve) => {
      const hear = ({ data }: MessageEvent<string>): void => {
        const answer = JSON.parse(data) as { readonly id?: number; readonly result?: unknown };
        if (answer.id !== id) return;
        this.#socket.removeEventListener('message', hear);
        resolve(answer.result);
      };
      this.#socket.addEventListener('message', hear);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** The value of an expression in the page, or what it resolves to. */
  async value(expression: string): Promise<unknown> {
    const asked = { expression, returnByValue: true, awaitPromise: true };
    const answer = (await this.send('Runtime.evaluate', asked)) as {
      readonly result: { readonly value?: unknown };
    };
    return answer.result.value;
  }

  /** Types on the keyboard, which is a keypad outside of text fields. */
  async type(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key });
      await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key });
    }
  }

  /** Taps the button with that text, as a person does. */
  async tap(text: string): Promise<void> {
    const place = `(() => {
      const button = [...document.querySelectorAll('button')].find(({ innerText }) => innerText.includes(${JSON.stringify(text)}));
      const { x, y, width, height } = button.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    })()`;
    const at = { ...((await this.value(place)) as object), button: 'left', clickCount: 1 };
    for (const type of ['mousePressed', 'mouseReleased'])
      await this.send('Input.dispatchMouseEvent', { type, ...at });
  }

  /** Waits until the page shows a text. */
  async expectText(text: string, timeout = 15_000): Promise<void> {
    await expect.poll(() => this.value('document.body.innerText'), { timeout }).toContain(text);
  }

  /** The browser stops the page, as it does with tabs that were not looked at for long; done once no timer of it runs. */
  async freeze(): Promise<void> {
    await this.value('window.beats ??= (setInterval(() => window.beats++, 20), 0)');
    await expect(async () => {
      await this.send('Page.setWebLifecycleState', { state: 'frozen' });
      const beats = await this.value('window.beats');
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(await this.value('window.beats')).toBe(beats);
    }).toPass({ timeout: 10_000 });
  }

  async thaw(): Promise<void> {
    await this.send('Page.setWebLifecycleState', { state: 'active' });
  }

  async close(): Promise<void> {
    await this.#end();
  }
}
