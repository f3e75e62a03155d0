import type { ExtensionId, TerminalId } from '@perch/shared';

/** The result of a request; `waiting`: it is carried out once the emergency call on that terminal has ended. */
export type Outcome = 'done' | 'nothing-to-do' | 'waiting';

/** Each command with its answer. `who` is the administrator, for the record. */
interface Commands {
  'return-to-base': [{ readonly extension: ExtensionId; readonly who: string }, Outcome];
  /** Undoes the terminal's last change. */
  undo: [{ readonly terminal: TerminalId }, Outcome];
  /** What `*30` does on this terminal. */
  'return-from-terminal': [{ readonly terminal: TerminalId }, Outcome];
  /** The directory has changed this extension. */
  'extension-changed': [{ readonly extension: ExtensionId }, null];
  /** To be given after the directory has changed, as are the three below. */
  'extension-suspended': [{ readonly extension: ExtensionId; readonly who: string }, null];
  'extension-removed': [{ readonly extension: ExtensionId; readonly who: string }, null];
  'virtualization-disallowed': [
    { readonly extension: ExtensionId; readonly presentGuest: 'return' | 'stay'; readonly who: string },
    null,
  ];
  'secret-code-replaced': [{ readonly extension: ExtensionId; readonly who: string }, null];
}

export type CommandKind = keyof Commands;
/** What management asks an organization to do. */
export type Command<K extends CommandKind = CommandKind> = {
  [Kind in K]: { readonly kind: Kind } & Commands[Kind][0];
}[K];
/** Given once the change is durable and in force. The promise rejects where it could not be stored, and then nothing has changed. */
export type Answer<K extends CommandKind> = Commands[K][1];
