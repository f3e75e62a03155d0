import type { Dialog } from './dialog.ts';

/** What is stored of a confirmed dialog so that it can be resumed after a restart (RFC 3261 §12). */
export interface DialogSnapshot {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly localUri: string;
  readonly remoteUri: string;
  readonly localDisplayName?: string;
  readonly remoteDisplayName?: string;
  readonly localSequence: number;
  readonly remoteSequence: number;
  readonly remoteTarget: string;
  readonly routeSet: readonly string[];
  readonly role: 'uac' | 'uas';
  /** Does the peer take UPDATE (RFC 3311), and does it know session timers (RFC 4028)? */
  readonly allowsUpdate: boolean;
  readonly sessionTimer?: { readonly intervalSeconds: number; readonly refresher: 'us' | 'peer' };
  /** The REFERs of the peer whose outcome it has not been told (RFC 3515), by their CSeq numbers; absent where there are none. */
  readonly openRefers?: readonly number[];
}

/** Requests of ours that may have gone out after the snapshot was taken: numbers may leave gaps, never go back (RFC 3261 §12.2.1.1). */
const SEQUENCE_GAP = 1000;

/** The dialog as it resumes after a restart. */
export function restored(snapshot: DialogSnapshot): Dialog {
  const { localUri, localDisplayName, remoteUri, remoteDisplayName } = snapshot;
  return {
    callId: snapshot.callId,
    localTag: snapshot.localTag,
    remoteTag: snapshot.remoteTag,
    local: { uri: localUri, ...(localDisplayName !== undefined && { displayName: localDisplayName }) },
    remote: { uri: remoteUri, ...(remoteDisplayName !== undefined && { displayName: remoteDisplayName }) },
    localSequence: snapshot.localSequence + SEQUENCE_GAP,
    remoteSequence: snapshot.remoteSequence,
    remoteTarget: snapshot.remoteTarget,
    routeSet: snapshot.routeSet,
    role: snapshot.role,
    allowsUpdate: snapshot.allowsUpdate,
  };
}

/** Hot path: most of it is written out without spreads. */
export function snapshotOf(dialog: Dialog, sessionTimer: DialogSnapshot['sessionTimer']): DialogSnapshot {
  const { local, remote } = dialog;
  return {
    callId: dialog.callId,
    localTag: dialog.localTag,
    remoteTag: dialog.remoteTag,
    localUri: local.uri,
    remoteUri: remote.uri,
    localSequence: dialog.localSequence,
    remoteSequence: dialog.remoteSequence,
    remoteTarget: dialog.remoteTarget,
    routeSet: dialog.routeSet,
    role: dialog.role,
    allowsUpdate: dialog.allowsUpdate,
    ...(local.displayName !== undefined && { localDisplayName: local.displayName }),
    ...(remote.displayName !== undefined && { remoteDisplayName: remote.displayName }),
    ...(sessionTimer !== undefined && { sessionTimer }),
  };
}
