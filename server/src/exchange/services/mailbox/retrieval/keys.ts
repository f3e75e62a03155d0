import { assertNever, type OfferedKeys } from '@perch/shared';
import type { Message } from '../../../voicemail/ports.ts';
import type { State, Take } from './visit.ts';

/** Can this number be called? It is the one that the caller's extension had at the time. */
export const isCallable = (number: string): boolean => /^\d{2,8}$/.test(number);

const RECORD_OR_LEAVE: OfferedKeys = [
  { key: '0', action: 'record-greeting' },
  { key: '*', action: 'leave' },
];

/** The keys that mean something in this state. */
export function keysOf(state: State): OfferedKeys {
  switch (state.kind) {
    case 'asking':
    case 'verifying':
      return [{ key: '#', action: 'finish-entry' }];
    case 'summary':
      return [{ key: '2', action: 'next' }, ...RECORD_OR_LEAVE];
    case 'announced':
    case 'playing':
    case 'menu':
    case 'deleting':
      return keysOfMessage(state.message);
    case 'end':
      return RECORD_OR_LEAVE;
    case 'greeting':
      return keysOfTake(state.take);
    case 'answered':
    case 'asking-phone':
    case 'calling-back':
    case 'parting':
    case 'over':
      return [];
    default:
      return assertNever(state);
  }
}

function keysOfMessage({ from }: Message): OfferedKeys {
  return [
    { key: '1', action: 'again' },
    { key: '2', action: 'next' },
    { key: '3', action: 'delete' },
    ...(isCallable(from.number) ? [{ key: '4', action: 'call-back' } as const] : []),
    ...RECORD_OR_LEAVE,
  ];
}

function keysOfTake({ kind }: Take): OfferedKeys {
  switch (kind) {
    case 'asked':
      return [
        { key: '#', action: 'skip' },
        { key: '*', action: 'keep-old-greeting' },
      ];
    case 'recording':
      return [{ key: '#', action: 'finish-recording' }];
    case 'listening':
    case 'menu':
      return [
        { key: '1', action: 'listen-greeting' },
        { key: '2', action: 'use-greeting' },
        { key: '0', action: 'record-greeting' },
        { key: '*', action: 'keep-old-greeting' },
      ];
    case 'keeping':
    case 'saving':
      return [];
    default:
      return assertNever(kind);
  }
}
