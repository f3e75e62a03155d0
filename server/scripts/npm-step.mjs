import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

const isWindows = process.platform === 'win32';
/** @type {NodeJS.Signals[]} */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs npm in the repository, and says on standard error what for and how long it has taken: on a terminal in one line that
 * counts the seconds, elsewhere in a line at the start, one every ten seconds and one at the end. What npm prints is shown only
 * if it fails; standard output belongs to the program that is started next.
 *
 * A signal that ends this process ends npm first, with all that it has started: left to itself, an interrupted npm goes on for half a
 * minute, and takes away what the next start installs.
 *
 * @param {string} what such as `Building the pages`
 * @param {string[]} args of npm
 * @returns {Promise<{ succeeded: boolean, output: string }>} `output` is all that npm printed
 */
export function npmStep(what, ...args) {
  const terminal = process.stderr.isTTY;
  const start = Date.now();
  const seconds = () => `${String(Math.round((Date.now() - start) / 1000))} s`;
  /** @param {string} text */
  const say = (text, end = '\n') => process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${what}${text}${end}`);
  const between = terminal ? '' : '\n';

  say(' …', between);
  const ticking = setInterval(() => say(` … ${seconds()}`, between), terminal ? 1000 : 10_000);
  return new Promise((resolve) => {
    const [command, ...first] = npmCommand();
    const child = spawn(command, [...first, ...args], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, to be killed as one. On Windows it would open a window instead.
      detached: !isWindows,
    });
    /** @type {NodeJS.Signals | undefined} */
    let ending;
    const end = (/** @type {NodeJS.Signals} */ signal) => {
      ending = signal;
      if (isWindows || child.pid === undefined) child.kill('SIGKILL');
      else process.kill(-child.pid, 'SIGKILL');
    };
    for (const signal of ENDING) process.once(signal, end);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.on('error', (error) => (output += `${String(error)}\n`));
    child.on('close', (status) => {
      clearInterval(ticking);
      for (const signal of ENDING) process.off(signal, end);
      if (ending !== undefined) {
        say(`: stopped after ${seconds()}`);
        process.kill(process.pid, ending);
        return;
      }
      say(status === 0 ? `: done in ${seconds()}` : `: failed after ${seconds()}`);
      if (status !== 0) process.stderr.write(output);
      resolve({ succeeded: status === 0, output });
    });
  });
}

/**
 * Under `npm run`, the npm that runs, on the machine's own Node: during a new installation npm removes the one that it has installed.
 * On Windows, `npm` itself would need a shell.
 */
export function npmCommand() {
  const cli = process.env['npm_execpath'];
  const isNpm = process.env['npm_config_user_agent']?.startsWith('npm/');
  return cli && isNpm ? [process.env['npm_node_execpath'] ?? process.execPath, cli] : ['npm'];
}
