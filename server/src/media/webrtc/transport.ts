import type { DtlsAssociation } from '../dtls/dtls.ts';
import type { SrtpReceiver, SrtpSender } from '../srtp/srtp.ts';

/** How far an endpoint has come with its peer: from nothing to keys for both directions (RFC 5764). */
export type Transport =
  | { readonly kind: 'idle' }
  | { readonly kind: 'handshake'; readonly association: DtlsAssociation }
  | {
      readonly kind: 'established';
      readonly association: DtlsAssociation;
      readonly sender: SrtpSender;
      readonly receiver: SrtpReceiver;
    }
  | { readonly kind: 'closed' };
