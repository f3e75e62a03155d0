import type { CallId, CallRecord, CenterEvent, ExtensionId, TerminalId, VoicemailEvent } from '@perch/shared';
import type { Flow } from '../sip/transport/flow.ts';
import type { Binding } from './registrar/bindings.ts';

/** Everything that happens in one room of an organization and matters to others. What each of them does about it: `reactions.ts`. */
export type Happening =
  /** A phone has registered for the first time, on another flow, or (its page was reloaded) with another Contact. Not a refresh. */
  /** `left`: the flow on which it was before, with the same Contact. */
  | { readonly kind: 'phone-registered'; readonly binding: Binding; readonly left: Flow | null }
  /** Its flow died; the same phone may come back. */
  | { readonly kind: 'phone-unreachable'; readonly binding: Binding }
  /** Its page's script does not run: no call can reach it, though its flow is open. */
  | { readonly kind: 'phone-asleep'; readonly binding: Binding }
  /** It has answered again, on the same flow. */
  | { readonly kind: 'phone-awake'; readonly binding: Binding }
  /** It unregistered, or did not come back. */
  | { readonly kind: 'phone-gone'; readonly binding: Binding }
  /** Its page has said whether it is ready for a shift, or that something in it has failed. */
  | { readonly kind: 'terminal-reported'; readonly terminal: TerminalId }
  /** That station is in kiosk mode from now on, or no longer; or it takes no PIN, or takes one again. */
  | { readonly kind: 'kiosk-mode-changed'; readonly terminal: TerminalId }
  /** A flow of that terminal died. */
  | { readonly kind: 'flow-closed'; readonly flow: Flow; readonly terminal: TerminalId }
  /** The account of that terminal's flow may no longer be used; the flow is closed with `reason` once it carries no call. */
  | {
      readonly kind: 'flow-barred';
      readonly flow: Flow;
      readonly terminal: TerminalId;
      readonly reason: string;
    }
  | Moved
  /** When a limit ends the stay at that terminal, or has ended it, is seen differently. */
  | { readonly kind: 'stay-end-changed'; readonly terminal: TerminalId }
  /** Wrong codes for these extensions, or at their home terminals, were counted or forgiven. */
  | { readonly kind: 'guesses-changed'; readonly extensions: ReadonlySet<ExtensionId> }
  /** The directory has changed this extension: it is new, was changed or suspended, or was deleted. */
  | { readonly kind: 'extension-changed'; readonly extension: ExtensionId }
  /** The language of all who have none of their own is another one. */
  | { readonly kind: 'language-changed' }
  /** The messages or the greeting of a mailbox have changed. */
  | { readonly kind: 'mailbox-changed'; readonly extension: ExtensionId }
  /** The views of a terminal's calls have changed. */
  | { readonly kind: 'calls-changed'; readonly terminal: TerminalId }
  /** A call is over, and what is kept of it is being written. */
  | { readonly kind: 'call-recorded'; readonly record: CallRecord }
  /** What an extension has of its own is different: its missed calls, or its favourites. */
  | { readonly kind: 'own-changed'; readonly extension: ExtensionId }
  /** Someone waits in that slot now, or no longer. */
  | { readonly kind: 'slot-changed'; readonly slot: string }
  /** An extension became busy, or stopped being busy. */
  | { readonly kind: 'busy-changed'; readonly extension: ExtensionId }
  /** The Center tells the pages of a terminal how its visit goes on. */
  | {
      readonly kind: 'center-event';
      readonly terminal: TerminalId;
      readonly call: CallId;
      readonly event: CenterEvent;
    }
  /** The same of a visit to a mailbox. */
  | {
      readonly kind: 'voicemail-event';
      readonly terminal: TerminalId;
      readonly call: CallId;
      readonly event: VoicemailEvent;
    }
  /** An error of ours, or of storage: it affected one call or message, everything else goes on. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** Who is where has changed, durably. */
export interface Moved {
  readonly kind: 'moved';
  /** Extensions that may now ring elsewhere, or nowhere. */
  readonly extensions: ReadonlySet<ExtensionId>;
  /** Terminals that may now speak for another extension, or have something else to show. */
  readonly terminals: ReadonlySet<TerminalId>;
}

/** How a room says what has happened. Returns when every other room has reacted, and never throws. */
export type Happened = (happening: Happening) => void;
