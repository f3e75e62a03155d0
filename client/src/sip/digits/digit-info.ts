import type { RTCSession } from 'jssip/lib/RTCSession';

/** What the types of JsSIP leave out. */
interface InDialog {
  sendRequest(
    method: 'INFO',
    options: {
      readonly extraHeaders: readonly string[];
      readonly eventHandlers: Readonly<Record<string, () => void>>;
      readonly body: string;
    },
  ): void;
  onRequestTimeout(): void;
  onDialogError(): void;
}

/**
 * Sends one key of `ms` milliseconds in signalling (INFO, RFC 6086, `application/dtmf-relay`). Resolves to `true` once it is
 * answered, also with a refusal, and to `false` where it is lost with the line. JsSIP's own `sendDTMF` would drop the keys after
 * one that is refused, and end the call where one is lost.
 */
export function sendDigitInfo(session: RTCSession, digit: string, ms: number): Promise<boolean> {
  const inDialog = session as unknown as InDialog;
  return new Promise((resolve) => {
    inDialog.sendRequest('INFO', {
      extraHeaders: ['Content-Type: application/dtmf-relay'],
      body: `Signal=${digit}\r\nDuration=${String(ms)}`,
      eventHandlers: {
        onSuccessResponse: () => resolve(true),
        onErrorResponse: () => resolve(true),
        onTransportError: () => resolve(false),
        onRequestTimeout: () => {
          resolve(false);
          inDialog.onRequestTimeout();
        },
        onDialogError: () => {
          resolve(false);
          inDialog.onDialogError();
        },
      },
    });
  });
}
