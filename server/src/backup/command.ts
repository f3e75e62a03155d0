import { resolve } from 'node:path';
import { version } from '../command-line/version.ts';
import { configOf } from '../config/config.ts';
import { Misconfigured } from '../config/misconfigured.ts';
import { UnusableData } from '../storage/unusable-data.ts';
import { systemClock, waitingClock } from '../world/system-clock.ts';
import { backUp } from './backup.ts';
import { BackupRefused } from './backup-refused.ts';
import { follow } from './follow.ts';
import type { Restored } from './manifest.ts';
import { restore } from './restore.ts';

/** `perch backup FOLDER`: of the data folder that the environment names. */
export const runBackup = (folder: string): Promise<void> =>
  asCommand(async (dataFolder, signal) => {
    const to = resolve(folder);
    const leftOut = (sentence: string) => void process.stderr.write(`${sentence}\n`);
    const wanted = { dataFolder, folder: to, version: version(), clock: systemClock, signal, leftOut };
    const manifest = await backUp(wanted);
    return `${to} is a backup of ${dataFolder}: ${contentsOf(manifest)}, as of ${manifest.takenAt}.\n`;
  });

/** `perch backup --follow FOLDER`: until it is stopped. */
export const runFollow = (folder: string): Promise<void> =>
  asCommand(async (dataFolder, signal) => {
    const to = resolve(folder);
    const report = (sentence: string) => void process.stdout.write(`${sentence}\n`);
    await follow({ dataFolder, folder: to, version: version(), clock: waitingClock, signal, report });
    return `${to} follows no longer.\n`;
  });

/** `perch restore FOLDER`: into the data folder that the environment names. */
export const runRestore = (folder: string): Promise<void> =>
  asCommand(async (dataFolder, signal) => {
    const from = resolve(folder);
    const manifest = await restore(from, dataFolder, signal);
    const done = `${dataFolder} is as Perch ${manifest.perch} had it at ${manifest.takenAt}: ${contentsOf(manifest)}.\n`;
    return manifest.stays === 0 ? done : `${done}${staysOf(manifest)}\n`;
  });

const contentsOf = ({ files }: Pick<Restored, 'files'>): string => {
  const octets = files.reduce((sum, file) => sum + file.octets, 0);
  const recordings = files.filter(({ path }) => path.includes('/')).length;
  return `${count(files.length, 'file')}, ${count(recordings, 'recording')} among them, ${(octets / 1_000_000).toFixed(1)} MB`;
};

const staysOf = ({ stays }: Restored): string =>
  `${count(stays, 'extension was', 'extensions were')} at another station then, and will be there again: once Perch runs, see under Floor whether that is still so.`;

const count = (number: number, one: string, many = `${one}s`): string =>
  `${String(number)} ${number === 1 ? one : many}`;

/** Prints what was done, or a sentence on standard error; a signal stops the work and leaves nothing of it. */
async function asCommand(work: (dataFolder: string, signal: AbortSignal) => Promise<string>): Promise<void> {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stopped.abort());
  try {
    process.stdout.write(await work(configOf(process.env).dataFolder, stopped.signal));
  } catch (error) {
    process.exitCode = 1;
    if (stopped.signal.aborted) process.stderr.write('Stopped. Nothing is left of it.\n');
    else if (
      error instanceof BackupRefused ||
      error instanceof UnusableData ||
      error instanceof Misconfigured
    )
      process.stderr.write(`${error.message}\n`);
    else throw error;
  }
}
