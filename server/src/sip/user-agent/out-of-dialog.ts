import { addressOf } from '../dialog/dialog.ts';
import type { HeaderField } from '../message/message.ts';
import type { LegContext } from './leg-context.ts';
import type { Target } from './leg.ts';

/** A request of ours that belongs to no dialog and makes none. */
export interface OutOfDialogRequest {
  readonly method: 'NOTIFY' | 'OPTIONS';
  /** The recipient's URI, also used in To. */
  readonly target: Target;
  readonly fields: readonly HeaderField[];
  readonly body: string;
}

/** Sends it From `uri`. `answered` is called once, later, with the final status: 408 for silence, 503 for a dead flow. */
export function sendOutOfDialog(
  { transactions, random, contact }: Pick<LegContext, 'transactions' | 'random' | 'contact'>,
  uri: string,
  { method, target, fields, body }: OutOfDialogRequest,
  answered: (status: number) => void,
): void {
  transactions.send(
    target.flow,
    {
      method,
      uri: target.contact,
      fields: [
        ['From', addressOf({ uri }, random.token())],
        ['To', addressOf({ uri: target.contact }, '')],
        ['Call-ID', `PERCH-${random.token()}`],
        ['CSeq', `1 ${method}`],
        contact(target.flow),
        ...fields,
      ],
      body,
    },
    {
      final: ({ status }) => {
        answered(status);
      },
      failed: (cause) => {
        answered(cause === 'timeout' ? 408 : 503);
      },
    },
  );
}
