import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect } from '@playwright/test';
import { wholeChromiumPath, FLAGS, voiceFlags } from './chromium.ts';
import { writeTone } from './tone.ts';

/**
 * A page in a Chromium of its own, driven by the DevTools protocol alone: Playwright makes every page believe that it has the focus, and
 * such a page cannot be frozen.
 */
export class BareBrowser {
  readonly #socket: WebSocket;
  readonly #end: () => Promise<void>;
  #sent = 0;

  private constructor(socket: WebSocket, end: () => Promise<void>) {
    this.#socket = socket;
    this.#end = end;
  }

  static async open(url: string, hertz: number): Promise<BareBrowser> {
    const folder = await mkdtemp(join(tmpdir(), 'perch-bare-'));
    await writeTone(join(folder, 'voice.wav'), hertz);
    const program = spawn(
      wholeChromiumPath ?? chromium.executablePath(),
      [
        '--headless',
        '--remote-debugging-port=0',
        `--user-data-dir=${folder}`,
        ...FLAGS,
        ...voiceFlags(join(folder, 'voice.wav')),
        url,
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
    return new BareBrowser(socket, async () => {
      socket.close();
      program.kill();
      await ended;
      // Its children may still write.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    });
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

  /** The value of an expression in the page. */
  async value(expression: string): Promise<unknown> {
    const answer = (await this.send('Runtime.evaluate', { expression, returnByValue: true })) as {
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
