import type { Page } from '@playwright/test';

/** The digits that the page sends by INFO from now on (RFC 6086, `application/dtmf-relay`), as they went over its sockets. */
export function digitsByInfo(page: Page): () => readonly string[] {
  const digits: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const digit = /^INFO [\s\S]*\r\n\r\nSignal= ?([0-9*#A-D])/.exec(payload.toString())?.[1];
      if (digit !== undefined) digits.push(digit);
    }),
  );
  return () => digits;
}

/** The SIP methods of the requests that the page sends from now on, as they went over its sockets. */
export function requestsOf(page: Page): () => readonly string[] {
  const methods: string[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const method = /^([A-Z]+) sips?:/.exec(payload.toString())?.[1];
      if (method !== undefined) methods.push(method);
    }),
  );
  return () => methods;
}

/** How many of the page's requests were refused with that status from now on, as it came over its sockets. */
export function refusalsOf(page: Page, status: number): () => number {
  let count = 0;
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (payload.toString().startsWith(`SIP/2.0 ${String(status)} `)) count++;
    }),
  );
  return () => count;
}
