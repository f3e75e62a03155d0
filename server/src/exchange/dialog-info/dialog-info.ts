import type { CallView, Party } from '@perch/shared';
import type { EventPackage } from '../../sip/user-agent/subscriptions/subscription.ts';

/** The calls of an extension, for phones that show a lamp for it (RFC 4235 §3). */
export const DIALOG: EventPackage = {
  name: 'dialog',
  contentType: 'application/dialog-info+xml',
  leastSeconds: 60,
  mostSeconds: 3600,
};

/** One call of an extension, as subscribers are told of it. */
export interface Dialog {
  /** The call that it makes, or one that it is called in. */
  readonly direction: 'initiator' | 'recipient';
  /** What its peer's phone says of a call that it makes is not told: such a call is `trying` until it is answered. */
  readonly state: 'trying' | 'early' | 'confirmed';
  /** The other side, for those who may know. */
  readonly remote: Party | null;
}

/** The extension's calls by their ids, among those that are seen at its terminal. `isOwn`: the subscriber is the extension itself. PURE. */
export function dialogsIn(
  views: readonly CallView[],
  number: string,
  isOwn: boolean,
): ReadonlyMap<string, Dialog> {
  const dialogs = new Map<string, Dialog>();
  for (const { id, as, here, state, direction, with: remote } of views) {
    if (as.number !== number || here === 'left') continue;
    dialogs.set(id, {
      direction: direction === 'outgoing' ? 'initiator' : 'recipient',
      state: STATES[state],
      remote: isOwn ? remote : null,
    });
  }
  return dialogs;
}

const STATES = { calling: 'trying', ringing: 'early', talking: 'confirmed' } as const;

/** A dialog as a document names it; `null`: it is over. */
export type NamedDialog = readonly [id: string, dialog: Dialog | null];

/** The body of a NOTIFY (RFC 4235 §4). `entity`: the extension, as it was subscribed to. PURE. */
export function dialogInfo(
  entity: string,
  version: number,
  state: 'full' | 'partial',
  dialogs: readonly NamedDialog[],
): string {
  const attributes = `version="${String(version)}" state="${state}" entity="${escaped(entity)}"`;
  const inner = dialogs.map((named) => element(named, entity)).join('');
  return `<?xml version="1.0"?>\r\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" ${attributes}>${inner}</dialog-info>\r\n`;
}

function element([id, dialog]: NamedDialog, entity: string): string {
  if (dialog === null) return `<dialog id="${id}"><state>terminated</state></dialog>`;
  const { direction, state, remote } = dialog;
  return `<dialog id="${id}" direction="${direction}"><state>${state}</state>${remote === null ? '' : remoteIn(remote, entity)}</dialog>`;
}

/** The other side is known by its address in the same domain. */
function remoteIn({ number, name }: Party, entity: string): string {
  const address = `sip:${encodeURIComponent(number)}${entity.slice(entity.indexOf('@'))}`;
  const display = name === '' ? '' : ` display="${escaped(name)}"`;
  return `<remote><identity${display}>${escaped(address)}</identity></remote>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** As text or as an attribute, without what XML 1.0 has no way to write (§2.2). */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFC}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
