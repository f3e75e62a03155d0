import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type Order =
  | { readonly kind: 'serve' }
  | DemoOrder
  /** The folder of the backup, or of the copy that follows. */
  | { readonly kind: 'backup' | 'follow' | 'restore'; readonly folder: string }
  | { readonly kind: 'help'; readonly about: 'perch' | Command }
  | { readonly kind: 'version' }
  /** The sentence is for the person who typed it. */
  | { readonly kind: 'mistake'; readonly sentence: string };

export interface DemoOrder {
  readonly kind: 'demo';
  /** Print the links and secrets as one line of JSON, for programs. */
  readonly json: boolean;
  /** Serve other devices of the network too; `undefined`: this machine only. */
  readonly lan: { readonly address: string | undefined } | undefined;
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
  json: { type: 'boolean' },
  follow: { type: 'boolean' },
  lan: { type: 'boolean' },
} as const;
type Option = keyof typeof OPTIONS;

/** What `perch` can do besides serving. */
const COMMANDS = ['demo', 'backup', 'restore'] as const;
type Command = (typeof COMMANDS)[number];

const OPTIONS_OF: Readonly<Record<'serve' | Command, readonly Option[]>> = {
  serve: ['help', 'version'],
  demo: ['help', 'version', 'json', 'lan'],
  backup: ['help', 'version', 'follow'],
  restore: ['help', 'version'],
};

/** Reads the arguments after the name of the command. */
export function orderOf(args: readonly string[]): Order {
  // Not strict: its messages are for programmers, and it does not support options with an optional value.
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const [name, ...others] = tokens.flatMap((token) => (token.kind === 'positional' ? token.value : []));
  const command = COMMANDS.find((known) => known === name);
  if (command !== name) return mistake(`There is no command ${String(name)}.`);

  const given = new Map<Option, string | undefined>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = OPTIONS_OF[command ?? 'serve'].find((known) => known === token.name);
    if (option === undefined)
      return mistake(`perch${command === undefined ? '' : ` ${command}`} has no option ${token.rawName}.`);
    if (token.value !== undefined && option !== 'lan') return mistake(`${token.rawName} takes no value.`);
    if (token.value === '') return mistake('--lan= wants an address; without = it finds one itself.');
    given.set(option, token.value);
  }
  if (given.has('lan') && others.length === 1) return mistake(`Write the address as --lan=${others.join()}.`);
  const [folder] = others;
  const unknown = command === 'backup' || command === 'restore' ? others.slice(1) : others;
  if (unknown.length > 0)
    return mistake(`perch ${String(command)} does not know what to do with ${unknown.join(' ')}.`);

  if (given.has('help')) return { kind: 'help', about: command ?? 'perch' };
  if (given.has('version')) return { kind: 'version' };
  if (command === undefined) return { kind: 'serve' };
  if (command !== 'demo')
    return folder === undefined || folder === ''
      ? mistake(`perch ${command} wants a folder: perch ${command} FOLDER.`)
      : { kind: given.has('follow') ? 'follow' : command, folder };
  return {
    kind: 'demo',
    json: given.has('json'),
    lan: given.has('lan') ? { address: given.get('lan') } : undefined,
  };
}

const mistake = (sentence: string): Order => ({ kind: 'mistake', sentence });
