import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { unusedPort } from '../../../server/tests/support/demo-server.ts';
import type { ServedOrganization } from '../../../server/tests/support/served-organization.ts';
import { HOLD_DRONE } from '../../src/media/hold-music.ts';
import { baresipPath } from '../support/programs.ts';
import { writeTone } from '../support/tone.ts';
import { Bridge } from './bridge.ts';
import { type BaresipEvent, Control } from './control.ts';
import { accountLine, VOICE_FILE, writeSettings } from './settings.ts';
import { eraseTapes, Tape } from './tape.ts';

type CallState = 'ringing' | 'calling' | 'talking';

const CALL_STATES: Readonly<Record<string, CallState>> = {
  CALL_INCOMING: 'ringing',
  CALL_RINGING: 'calling',
  CALL_PROGRESS: 'calling',
  CALL_ESTABLISHED: 'talking',
};
const LIMIT_MS = 15_000;
/** Of what it hears, where it hears one tone only. */
const ALMOST_ALL = 0.9;
/** Of the music on hold that is its drone, now and then. */
const DRONE = 0.2;

/** Debian's baresip as a telephone, in a process and a folder of its own. */
export class Baresip {
  readonly #folder: string;
  readonly #domain: string;
  readonly #bridge: Bridge;
  readonly #calls = new Map<string, CallState>();
  readonly #lines = new Map<string, number>();
  /** The call that was answered or taken last. */
  #atHand: string | undefined;
  /** What it printed, was told and reported, for failures. */
  readonly #log: string[] = [];
  readonly #news = new EventEmitter();
  #process: ChildProcess | undefined;
  #control: Control | undefined;
  #registered = false;

  private constructor(folder: string, bridge: Bridge, domain: string) {
    this.#folder = folder;
    this.#domain = domain;
    this.#bridge = bridge;
  }

  /** A phone of that extension's that says a tone of so many Hz; it is registered. */
  static async start(perch: ServedOrganization, number: string, hertz: number): Promise<Baresip> {
    const { sip } = perch.organization;
    const folder = await mkdtemp(join(tmpdir(), 'perch-baresip-'));
    const phone = new Baresip(folder, await Bridge.open(sip.url), sip.domain);
    try {
      const { name, sip: credentials } = perch.line(number);
      const account = { name, number, domain: sip.domain, ...credentials };
      const control = await unusedPort();
      await writeTone(join(folder, VOICE_FILE), hertz);
      await writeSettings(folder, control);
      await phone.#run(control);
      await phone.#command('uanew', accountLine(account, phone.#bridge.port));
      await phone.#until('it is registered', () => phone.#registered);
      return phone;
    } catch (error) {
      await phone.stop();
      throw error;
    }
  }

  async dial(number: string): Promise<void> {
    await this.#command('dial', number);
  }

  async answer(): Promise<void> {
    await this.#command('accept');
  }

  async hangUp(): Promise<void> {
    await this.#command('hangup');
  }

  async hold(): Promise<void> {
    await this.#command('hold');
  }

  async resume(): Promise<void> {
    await this.#command('resume');
  }

  /** Sends the digits as telephone-events (RFC 4733). */
  async press(digits: string): Promise<void> {
    await this.#command('sndcode', digits);
  }

  /** Sends the other side there (REFER, RFC 3515), without asking there first. */
  async transfer(number: string): Promise<void> {
    await this.#command('transfer', number);
  }

  /** Holds the call at hand, and goes on with the other one. */
  async swap(): Promise<void> {
    await this.hold();
    await this.#takeOther();
    await this.resume();
  }

  /** Joins the other sides of its two calls. This version has no command for it: the REFER gets the Replaces of the call at hand (RFC 5589 §7). */
  async connect(): Promise<void> {
    const consulted = this.#bridge.replaces(this.#atHand ?? '');
    await this.#takeOther();
    await this.transfer(`<sip:consulted@${this.#domain}?Replaces=${encodeURIComponent(consulted)}>`);
  }

  /** Of two calls: baresip counts lines from 1, and gives a call the first one that is free. */
  async #takeOther(): Promise<void> {
    const other = [...this.#calls.keys()].find((id) => id !== this.#atHand);
    if (other === undefined) throw this.#failure('has no second call');
    await this.#command('line', String(this.#lines.get(other)));
    this.#atHand = other;
  }

  expectRinging(): Promise<void> {
    return this.#until('it rings', () => [...this.#calls.values()].includes('ringing'));
  }

  expectTalking(): Promise<void> {
    return this.#until('it talks', () => [...this.#calls.values()].includes('talking'));
  }

  expectCalls(count: number): Promise<void> {
    const talking = (): number => [...this.#calls.values()].filter((state) => state === 'talking').length;
    return this.#until(`it has ${String(count)} calls`, () => talking() === count);
  }

  expectIdle(): Promise<void> {
    return this.#until('it has no call', () => this.#calls.size === 0);
  }

  /** It hears that tone and next to nothing else. */
  async expectTone(hertz: number): Promise<void> {
    await this.#expectShare(hertz, ALMOST_ALL);
  }

  /** It hears the music of those who wait. */
  async expectHoldMusic(): Promise<void> {
    await this.#expectShare(HOLD_DRONE, DRONE);
  }

  async #expectShare(hertz: number, least: number): Promise<void> {
    await this.#expectTape(`baresip hears a tone of ${String(hertz)} Hz`, least, async () =>
      (await Tape.of(this.#folder, 'heard')).share(hertz),
    );
  }

  /** A sentence, for example: the sound is connected. */
  async expectSound(): Promise<void> {
    await this.#expectTape('baresip hears something', 0, async () =>
      Number((await Tape.of(this.#folder, 'heard')).sounds),
    );
  }

  /** Says its tone for so many seconds from now on. */
  async speak(seconds: number): Promise<void> {
    const said = async (): Promise<number> => (await Tape.of(this.#folder, 'said')).seconds;
    await this.#expectTape(`baresip speaks for ${String(seconds)} s`, (await said()) + seconds, said);
  }

  async #expectTape(message: string, least: number, measure: () => Promise<number>): Promise<void> {
    await expect.poll(measure, { message, timeout: LIMIT_MS, intervals: [100] }).toBeGreaterThan(least);
  }

  /** Ends the process, and removes what it wrote. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    this.#control?.close();
    await this.#bridge.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #run(port: number): Promise<void> {
    const child = spawn(baresipPath ?? 'baresip', ['-f', this.#folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding('utf8').on('data', (text: string) => this.#log.push(text));
    }
    const limit = new AbortController();
    const late = setTimeout(() => limit.abort(this.#failure('took no commands in time')), LIMIT_MS);
    child.once('error', (error) => limit.abort(error));
    child.once('exit', (code) => limit.abort(this.#failure(`ended with ${String(code)}`)));
    this.#control = await Control.connect(port, (event) => this.#take(event), limit.signal);
    clearTimeout(late);
  }

  async #command(command: string, params?: string): Promise<void> {
    if (this.#control === undefined) throw new Error('baresip does not run');
    this.#log.push(`> ${command} ${params ?? ''}\n`);
    await this.#control.command(command, params);
  }

  #take(event: BaresipEvent): void {
    const { type, id, param } = event;
    this.#log.push(`< ${type} ${id ?? ''} ${param ?? ''}\n`);
    if (type === 'REGISTER_OK') this.#registered = true;
    const state = CALL_STATES[type];
    if (id !== undefined && state !== undefined) this.#setCall(id, state);
    if (id !== undefined && type === 'CALL_CLOSED') this.#dropCall(id);
    if (this.#calls.size === 0) eraseTapes(this.#folder);
    this.#news.emit('news');
  }

  #setCall(id: string, state: CallState): void {
    if (!this.#lines.has(id)) {
      const taken = [...this.#lines.values()];
      this.#lines.set(id, [1, 2, 3].find((line) => !taken.includes(line)) ?? 0);
    }
    this.#calls.set(id, state);
    if (state === 'talking') this.#atHand = id;
  }

  #dropCall(id: string): void {
    this.#calls.delete(id);
    this.#lines.delete(id);
    if (this.#atHand === id) [this.#atHand] = this.#calls.keys();
  }

  /** Resolves once that is so, which only news can change. */
  async #until(what: string, isSo: () => boolean): Promise<void> {
    const signal = AbortSignal.timeout(LIMIT_MS);
    while (!isSo()) {
      await once(this.#news, 'news', { signal }).catch(() => {
        throw this.#failure(`was waited for until ${what}`);
      });
    }
  }

  #failure(why: string): Error {
    return new Error(`baresip ${why}\n${this.#log.join('').slice(-8_192)}`);
  }
}
