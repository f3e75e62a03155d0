/**
 * The classes of JsSIP 3.13.8 whose prototypes we patch, with the parts that we use: the package ships no types for these
 * paths. To be checked again at each upgrade.
 */
declare module 'jssip/lib/Dialog' {
  export interface IncomingRequest {
    readonly method: string;
    readonly body: string | null;
    getHeader(name: string): string | undefined;
  }

  export interface IncomingInvite extends IncomingRequest {
    readonly server_transaction: ServerTransaction;
  }

  export interface ServerTransaction {
    readonly state: number;
    /** It ended with the connection. */
    readonly transportError?: boolean;
    on(event: 'stateChanged', listener: () => void): void;
  }

  export interface IncomingResponse {
    readonly method: string;
    readonly status_code: number;
    getHeader(name: string): string | undefined;
  }

  export interface EventHandlers {
    onErrorResponse(response: IncomingResponse): void;
  }

  export interface Owner {
    readonly direction: 'incoming' | 'outgoing';
    isEnded(): boolean;
    _createLocalDescription(type: 'offer', constraints: RTCOfferOptions | null): Promise<string>;
    _mangleOffer(sdp: string): string;
  }

  export interface Dialog {
    readonly _ua: object;
    readonly owner: Owner;
    readonly uac_pending_reply: boolean;
    readonly uas_pending_reply: boolean;
    sendRequest(
      method: string,
      options?: { extraHeaders: string[]; eventHandlers: EventHandlers; body: string },
    ): void;
  }

  const Class: {
    readonly prototype: {
      _checkInDialogRequest(this: Dialog, request: IncomingRequest): boolean;
      sendRequest(this: Dialog, method: string, options?: object): unknown;
    };
  };
  export default Class;
}

declare module 'jssip/lib/Dialog/RequestSender' {
  import type { Dialog, EventHandlers, IncomingResponse } from 'jssip/lib/Dialog';

  export interface RequestSender {
    readonly _dialog: Dialog;
    readonly _request: { readonly extraHeaders: string[] };
    readonly _eventHandlers: EventHandlers;
  }

  const Class: {
    readonly prototype: { _receiveResponse(this: RequestSender, response: IncomingResponse): void };
  };
  export default Class;
}

declare module 'jssip/lib/Transactions' {
  import type { IncomingRequest, ServerTransaction } from 'jssip/lib/Dialog';

  interface TransactionOwner {
    newTransaction(transaction: ServerTransaction): void;
    destroyTransaction(transaction: ServerTransaction): void;
  }

  const Module: {
    readonly C: { readonly STATUS_TERMINATED: number };
    readonly InviteServerTransaction: new (
      ua: TransactionOwner,
      transport: { send(message: string): boolean },
      request: object,
    ) => ServerTransaction & {
      receiveResponse(status: number, response: string): void;
      onTransportError(): void;
    };
    checkTransaction(
      ua: { readonly _transactions: { readonly ist: Readonly<Record<string, ServerTransaction>> } },
      ack: Pick<IncomingRequest, 'method'> & { readonly via_branch: string },
    ): boolean;
  };
  export default Module;
}
