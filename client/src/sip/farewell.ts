import Dialog, { type Dialog as DialogState } from 'jssip/lib/Dialog';

/** The dialogs whose BYE was lost, by their user agents. */
const owed = new WeakMap<object, Set<DialogState>>();

/**
 * Patches what JsSIP does on hanging up while the line is down: it forgets the dialog and loses the BYE, so that the other
 * side stays in the call (RFC 3261 §15.1.1). A BYE that was not answered is kept until `sayFarewells`.
 */
export function mendFarewell(): void {
  const send = Dialog.prototype.sendRequest; // eslint-disable-line @typescript-eslint/unbound-method -- called with its own `this` below
  Object.assign(Dialog.prototype, {
    sendRequest(this: DialogState, method: string, options?: object): unknown {
      if (method !== 'BYE') return send.call(this, method, options);
      const lost = (): void => {
        owed.set(this._ua, (owed.get(this._ua) ?? new Set()).add(this));
      };
      const eventHandlers = { onTransportError: lost, onRequestTimeout: lost };
      return send.call(this, method, { ...options, eventHandlers });
    },
  });
}

/** The line is back: sends the BYEs that were lost while it was down. */
export function sayFarewells(ua: object): void {
  const dialogs = owed.get(ua);
  owed.delete(ua);
  for (const dialog of dialogs ?? []) dialog.sendRequest('BYE');
}
