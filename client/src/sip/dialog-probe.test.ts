import { expect, test } from 'vitest';
import { askAfterDialogs } from './dialog-probe.ts';

interface Handlers {
  onDialogError(): void;
}

/** A session of JsSIP, and what it is asked for. */
function session({ isEstablished = true } = {}) {
  const asked: string[] = [];
  let handlers: Handlers | undefined;
  return {
    asked,
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
  const [known, unknown, ringing] = [session(), session(), session({ isEstablished: false })];
  askAfterDialogs({ _sessions: { known, unknown, ringing } });
  unknown.unknown();
  expect(known.asked).toEqual(['OPTIONS']);
  expect(unknown.asked).toEqual(['OPTIONS', 'terminate: Dialog Error']);
  expect(ringing.asked).toEqual([]);
});

test('one that has ended meanwhile is not ended again', () => {
  const one = session();
  askAfterDialogs({ _sessions: { one } });
  one.terminate({ cause: 'BYE' });
  one.unknown();
  expect(one.asked).toEqual(['OPTIONS', 'terminate: BYE']);
});
