import Dialog, { type Dialog as DialogState } from 'jssip/lib/Dialog';
import { beforeAll, expect, test } from 'vitest';
import { mendFarewell, sayFarewells } from './farewell.ts';

interface Handlers {
  onTransportError(): void;
  onRequestTimeout(): void;
}

/** What is sent, with its handlers for failures. */
const sent: { readonly method: string; readonly handlers: Partial<Handlers> }[] = [];

beforeAll(() => {
  Object.assign(Dialog.prototype, {
    sendRequest: (method: string, options?: { eventHandlers?: Partial<Handlers> }) =>
      sent.push({ method, handlers: options?.eventHandlers ?? {} }),
  });
  mendFarewell();
});

function hangUp(ua: object): Partial<Handlers> | undefined {
  sent.length = 0;
  const dialog = Object.assign(Object.create(Dialog.prototype) as DialogState, { _ua: ua });
  dialog.sendRequest('BYE');
  return sent[0]?.handlers;
}

const said = (ua: object): string[] => {
  sent.length = 0;
  sayFarewells(ua);
  return sent.map(({ method }) => method);
};

test.for(['onTransportError', 'onRequestTimeout'] as const)(
  'a BYE that is lost (%s) is sent again when the line is back, once',
  (loss) => {
    const ua = {};
    hangUp(ua)?.[loss]?.();
    expect(said(ua)).toEqual(['BYE']);
    expect(said(ua)).toEqual([]);
  },
);

test('a BYE that is lost once more is still owed', () => {
  const ua = {};
  hangUp(ua)?.onTransportError?.();
  said(ua);
  sent[0]?.handlers.onTransportError?.();
  expect(said(ua)).toEqual(['BYE']);
});

test('a BYE that was answered, and the dialogs of another phone, are left alone', () => {
  const [ua, other] = [{}, {}];
  hangUp(ua);
  hangUp(other)?.onTransportError?.();
  expect(said(ua)).toEqual([]);
});

test('other requests keep their own handlers', () => {
  sent.length = 0;
  const handlers = { onTransportError: () => undefined };
  const dialog = Object.assign(Object.create(Dialog.prototype) as DialogState, { _ua: {} });
  dialog.sendRequest('INFO', { extraHeaders: [], eventHandlers: handlers as never, body: '' });
  expect(sent[0]?.handlers).toBe(handlers);
});
