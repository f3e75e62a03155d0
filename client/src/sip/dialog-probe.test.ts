import { expect, test } from 'vitest';
import { askAfterDialogs } from './dialog-probe.ts';

interface Handlers {
  onDialogError(): void;
}

interface State {
  isEstablished: boolean;
  isAccepted: boolean;
}

/** A session of JsSIP, and what it is asked for. */
function session({ isEstablished = true, isAccepted = true }: Partial<State> = {}) {
  const asked: string[] = [];
  let handlers: Handlers | undefined;
  return {
    asked,
    start_time: isAccepted ? new Date(0) : null,
    isEstablished: () => isEstablished,
    sendRequest: (method: string, { eventHandlers }: { eventHandlers: Handlers }) => {
      asked.push(method);
      handlers = eventHandlers;
    },
    terminate: ({ cause }: { cause: string }) => {
      asked.push(`terminate: ${cause}`);
      isEstablished = false;
    },
    /** The server does not know its dialog. */
    unknown: () => handlers?.onDialogError(),
  };
}

test('the server is asked after each session, and one that it does not know is over', () => {
  const [known, unknown] = [session(), session()];
  askAfterDialogs({ _sessions: { known, unknown } });
  unknown.unknown();
  expect(known.asked).toEqual(['OPTIONS']);
  expect(unknown.asked).toEqual(['OPTIONS', 'terminate: Dialog Error']);
});

test.for<readonly [string, Partial<State>, readonly string[]]>([
  ['rings', { isEstablished: false, isAccepted: false }, []],
  ['is being answered: the server has no 2xx yet', { isAccepted: false }, []],
  ['has been answered, whether or not the ACK has come', {}, ['OPTIONS']],
  ['is over', { isEstablished: false }, []],
])('is the server asked after a session that %s?', ([, state, asked]) => {
  const one = session(state);
  askAfterDialogs({ _sessions: { one } });
  expect(one.asked).toEqual(asked);
});

test('one that has ended meanwhile is not ended again', () => {
  const one = session();
  askAfterDialogs({ _sessions: { one } });
  one.terminate({ cause: 'BYE' });
  one.unknown();
  expect(one.asked).toEqual(['OPTIONS', 'terminate: BYE']);
});
