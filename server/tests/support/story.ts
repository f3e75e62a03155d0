import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect } from 'vitest';
import { configOf } from '../../src/config/config.ts';
import { type Demo, furnish } from '../../src/demo/furnish.ts';
import { withinProcess } from '../../src/cluster/local.ts';
import { FakeMediaEngine } from '../../src/media/support/fake-media.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import type { Chance } from '../../src/world/chance.ts';
import { CallJournal } from '../../src/storage/sqlite/calls/call-journal.ts';
import { prepareArchive, RecordArchive } from '../../src/storage/sqlite/calls/record-archive.ts';
import { Database } from '../../src/storage/sqlite/database.ts';
import { seededChance } from '../../src/world/seeded-chance.ts';
import { VirtualClock } from '../../src/world/virtual-clock.ts';
import { answer, Call, type Dialog } from './call.ts';
import { PageClient } from './page-client.ts';
import { SipClient } from './sip-client.ts';

/** 2026-01-01 00:00 UTC. */
const BEGINNING = Date.UTC(2026, 0, 1);
/** How long the fake's prompts take (milliseconds of the virtual clock), each, and a time longer than any utterance. */
const PROMPT_MS = 100;
const UTTERANCE_MS = 3_000;
const FRAME_MS = 20;
const FRAME_SAMPLES = 960;
/** Two seconds: more than the shortest message. */
const MESSAGE_FRAMES = 100;
/** CELT, 20 ms, and octets that represent a voice. */
const VOICE = Uint8Array.of(31 << 3, 1, 2, 3);

/** Everything that can be observed of one run. */
export interface Trace {
  /** What the phones sent and received, what the pages were told, what the server played. */
  readonly heard: Readonly<Record<string, readonly string[]>>;
  /** The rows of all tables, and the files of the recordings. */
  readonly stored: Readonly<Record<string, readonly string[]>>;
}

/** A whole server in this process, whose time and chance are given, and the people of the README who use it. */
export class Story {
  readonly clock = new VirtualClock(BEGINNING);
  readonly #chance: Chance;
  readonly #folder = mkdtempSync(join(tmpdir(), 'perch-story-'));
  readonly #heard: Record<string, string[]> = {};
  readonly #phones: SipClient[] = [];
  readonly #pages: PageClient[] = [];
  #server: RunningServer | undefined;
  #demo: Demo | undefined;
  #media: FakeMediaEngine | undefined;

  private constructor(seed: string) {
    this.#chance = seededChance(`people ${seed}`);
  }

  static async begin(seed: string, port: number): Promise<Story> {
    const story = new Story(seed);
    const config = configOf({
      PERCH_DATA: story.#data,
      PERCH_HOST: '127.0.0.1',
      PERCH_PORT: String(port),
      PERCH_LOG: 'error',
    });
    const server = await startServer(config, {
      clock: story.clock,
      chance: seededChance(seed),
      border: withinProcess,
      openMedia: async ({ clock }) => (story.#media = new FakeMediaEngine(clock, () => PROMPT_MS)),
    });
    story.#server = server;
    story.#demo = await furnish(server.management, server.url, (owner) => `${seed} ${owner}`);
    return story;
  }

  /** That extension's phone, registered. */
  async phone(number: string): Promise<SipClient> {
    const frames = this.#note(`phone ${number}`);
    const phone = await SipClient.registered(this.#furnished, this.#line(number), undefined, {
      chance: this.#chance,
      heard: (way, frame) => frames.push(`${way} ${frame}`),
    });
    this.#phones.push(phone);
    return phone;
  }

  async page(number: string): Promise<PageClient> {
    const page = await PageClient.open(this.#line(number).link);
    this.#heard[`page ${number}`] = page.told;
    this.#pages.push(page);
    return page;
  }

  secretCode(number: string): string {
    return this.#line(number).secretCode ?? '';
  }

  async press(dialog: Dialog, keys: string): Promise<void> {
    for (const key of keys)
      await dialog.request('INFO', {
        fields: ['Content-Type: application/dtmf-relay'],
        body: `Signal=${key}\r\nDuration=100\r\n`,
      });
  }

  /** Listens until the server has finished speaking and ended the call. */
  async hearOut(phone: SipClient): Promise<void> {
    await this.clock.advance(UTTERANCE_MS);
    phone.respond(await phone.request('BYE'), '200 OK');
    await this.#settled();
  }

  /** A call between two people, from the first ring to the end. */
  async talk(caller: SipClient, dialled: string, callee: SipClient): Promise<void> {
    const call = new Call(caller, dialled);
    const [, dialog] = await Promise.all([answer(callee), call.answered()]);
    await this.clock.advance(UTTERANCE_MS);
    await dialog.request('BYE');
    callee.respond(await callee.request('BYE'), '200 OK');
    await this.#settled();
  }

  /** Leaves a message for `dialled`, watching on the phone's own page where the mailbox is. */
  async leaveMessage(phone: SipClient, page: PageClient, dialled: string): Promise<void> {
    const mailbox = (what: string) =>
      page.next(what, (told) => told.kind === 'voicemail' && JSON.stringify(told).includes(what));
    const dialog = await new Call(phone, dialled).answered();
    await mailbox('"skip"');
    await this.press(dialog, '#');
    await mailbox('"beep"');
    await this.clock.advance(PROMPT_MS);
    await mailbox('"recording"');
    for (let frame = 0; frame < MESSAGE_FRAMES; frame++) {
      await this.clock.advance(FRAME_MS);
      this.#engine.last.speak({
        sequence: frame,
        timestamp: frame * FRAME_SAMPLES,
        payload: VOICE,
        level: 20,
      });
    }
    await this.press(dialog, '#');
    await mailbox('"message-saved"');
    await this.hearOut(phone);
  }

  /** Ends everything, and returns what could be observed. */
  async end(): Promise<Trace> {
    await this.#settled();
    await this.#server?.stop();
    await Promise.all([...this.#phones, ...this.#pages].map(({ closed }) => closed));
    this.#heard['sounds'] = this.#engine.endpoints.map(({ utterances }) =>
      JSON.stringify(
        utterances.map(({ sounds, outcome }) => [
          outcome,
          ...sounds.map((sound) => (typeof sound === 'string' ? sound : 'a recording')),
        ]),
      ),
    );
    await archiveAll(this.#data);
    const stored = storedIn(this.#data);
    rmSync(this.#folder, { recursive: true });
    return { heard: this.#heard, stored };
  }

  /** Every phone has received what was sent to it by now. */
  async #settled(): Promise<void> {
    for (const phone of this.#phones) await phone.transact('OPTIONS', `sip:${phone.domain}`);
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  get #furnished(): Demo {
    if (this.#demo === undefined) throw new Error('the story has not begun');
    return this.#demo;
  }

  get #engine(): FakeMediaEngine {
    if (this.#media === undefined) throw new Error('the story has not begun');
    return this.#media;
  }

  #line(number: string) {
    const { extensions, stations } = this.#furnished;
    for (const { phoneUrl: link, ...line } of extensions)
      if (line.number === number) return { ...line, link };
    for (const { stationUrl: link, ...line } of stations)
      if (line.number === number) return { ...line, link };
    throw new Error(`no one has ${number}`);
  }

  #note(whom: string): string[] {
    return (this.#heard[whom] ??= []);
  }
}

/** The archive has its own thread, which a stopping server does not wait for: archives the rest now. */
async function archiveAll(folder: string): Promise<void> {
  const failed = (error: unknown): never => {
    throw error;
  };
  const clock = new VirtualClock();
  const records = join(folder, 'records.db');
  const archived = await prepareArchive(records);
  const journal = new CallJournal(new Database(join(folder, 'calls.db'), 'crash'), archived, clock, failed);
  const archive = new RecordArchive(records, journal, clock, failed);
  const left = async () => {
    await clock.advance(1_000);
    return journal.oldestRecords(1);
  };
  await expect.poll(left, { interval: 5, timeout: 10_000 }).toBeUndefined();
  await archive.close();
  journal.close();
}

/** The rows of every table, except Kysely's timestamps of its migrations, and a digest of every recording. */
function storedIn(folder: string): Record<string, readonly string[]> {
  const stored: Record<string, readonly string[]> = {};
  for (const file of ['perch.db', 'calls.db', 'records.db']) {
    const db = new BetterSqlite3(join(folder, file));
    const tables = db
      .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all();
    for (const { name } of tables)
      if (!name.startsWith('kysely_'))
        stored[`${file} ${name}`] = db.prepare(`SELECT * FROM ${name}`).all().map(rowText);
    db.close();
  }
  for (const { name, parentPath } of readdirSync(join(folder, 'voicemail'), {
    recursive: true,
    withFileTypes: true,
  }))
    if (name.endsWith('.opus'))
      stored[name] = [
        createHash('sha256')
          .update(readFileSync(join(parentPath, name)))
          .digest('hex'),
      ];
  return stored;
}

const rowText = (row: unknown): string => JSON.stringify(row);
