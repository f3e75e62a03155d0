import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const FILE = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));

/** What a command has measured, as it stands in docs/reliability.md. */
export interface Figures {
  /** Of the section `<!-- figures: NAME -->`. */
  readonly name: string;
  /** Prints them anew. */
  readonly command: string;
  /** Markdown: a table, or a list. */
  readonly body: string;
}

interface Circumstances {
  /** ISO 8601, without a time. */
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
}

/** Puts figures in the place of those of an earlier run. */
export async function writeFigures(figures: Figures): Promise<void> {
  const text = withFigures(readFileSync(FILE, 'utf8'), figures, circumstances());
  writeFileSync(FILE, await format(text, { ...(await resolveConfig(FILE)), filepath: FILE }));
}

/**
 * That text with the figures in their section; with them goes where they come from.
 * @throws {Error} where the text does not have that section exactly once.
 */
export function withFigures(
  text: string,
  { name, command, body }: Figures,
  { date, commit, machine }: Circumstances,
): string {
  const [begin, end] = [`<!-- figures: ${name} -->\n`, `<!-- /figures: ${name} -->`];
  const [before, inside, ...more] = text.split(begin);
  const at = inside?.indexOf(end) ?? -1;
  if (before === undefined || inside === undefined || more.length > 0 || at < 0)
    throw new Error(`the section of the figures "${name}" is not there once`);
  const origin = `Printed by \`${command}\` on ${date}, at ${commit}, on ${machine}.`;
  return `${before}${begin}\n${origin}\n\n${body.trim()}\n\n${inside.slice(at)}`;
}

function circumstances(): Circumstances {
  const [processor] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short=8', 'HEAD'], {
      cwd: CHECKOUT,
      encoding: 'utf8',
    }).trim(),
    machine: `${String(cpus().length)} cores (${processor?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`,
  };
}

/** The rows of all tables in that section as it stands in docs/reliability.md, heads included. */
export function writtenRows(name: string): string[][] {
  const [, inside = ''] = readFileSync(FILE, 'utf8').split(`<!-- figures: ${name} -->\n`);
  const [section = ''] = inside.split(`<!-- /figures: ${name} -->`);
  const lines = section.split('\n').filter((line) => line.startsWith('|') && !line.includes('---'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Rows of cells as a table in Markdown; the first row is its head. */
export function tableOf([head, ...rows]: readonly (readonly (string | number)[])[]): string {
  if (head === undefined) return '';
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [head, head.map(() => '---'), ...rows].map((cells) => line(cells)).join('\n');
}
