/** Where a browser keeps each of the terminals that it is, before its number: tokens and connections, never a person's name. */
export const TERMINAL_KEY = 'perch.terminal.';
