import { DtlsClient } from 'werift';
import type { MediaClock } from '../clock.ts';
import { initial, isServerFinished, step } from './dtls-authentication.ts';
import type { Authentication, Refused } from './dtls-authentication.ts';
import { SIGNATURE } from './dtls-certificate.ts';
import type { Fingerprint, LocalCertificate } from './dtls-certificate.ts';
import { HandshakeReassembly } from './dtls-reassembly.ts';
import { CONTENT, readHandshakeFragments, readRecords, writeHandshakeRecord } from './dtls-record.ts';
import type { DtlsRecord, HandshakeMessage } from './dtls-record.ts';
import { SRTP_PROFILES, SrtpReceiver, SrtpSender } from '../srtp/srtp.ts';

/** From the ClientHello; a browser on the same continent takes a tenth of a second. */
const HANDSHAKE_MS = 10_000;
/** An honest handshake takes about ten datagrams, retransmissions some more. */
const MOST_DATAGRAMS = 100;
const FINISHED = 20;
const VERIFY_DATA_OCTETS = 12;
const CLOSE_NOTIFY = 0;
const FATAL = 2;
/** The flight after the client's last one: told to werift, it ends every retransmission. */
const AFTER_LAST_FLIGHT = 7;

export interface DtlsListener {
  send(datagram: Buffer): void;
  /** The peer is who the SDP said, and these are the keys (RFC 5764 §4.2). */
  established(sender: SrtpSender, receiver: SrtpReceiver): void;
  /** Called last. */
  closed(reason: 'peer-closed' | Refused['reason']): void;
}

/**
 * One DTLS 1.2 association, as client, to agree on SRTP keys (RFC 5764). werift composes and encrypts the handshake. It
 * authenticates nothing, so it gets only whole messages, in order, that `dtls-authentication` has passed, and its
 * own verdict on the handshake is ignored. This end sends no close_notify: signaling ends the call.
 */
export class DtlsAssociation {
  readonly #fingerprints: readonly Fingerprint[];
  readonly #listener: DtlsListener;
  readonly #client: DtlsClient;
  readonly #reassembly = new HandshakeReassembly();
  readonly #transport;
  readonly #cancelDeadline: () => void;
  #authentication: Authentication = initial;
  #phase: 'handshake' | 'established' | 'closed' = 'handshake';
  #datagrams = 0;

  /** Sends the ClientHello at once. */
  constructor(
    certificate: LocalCertificate,
    fingerprints: readonly Fingerprint[],
    clock: MediaClock,
    listener: DtlsListener,
  ) {
    this.#fingerprints = fingerprints;
    this.#listener = listener;
    this.#transport = {
      type: 'ice',
      address: { address: '', family: '', port: 0 },
      closed: false,
      onData: (_record: Buffer): void => undefined, // the client puts its own here
      send: async (datagram: Buffer): Promise<void> => {
        if (this.#phase !== 'closed') listener.send(datagram);
      },
      close: async (): Promise<void> => undefined,
    };
    this.#client = new DtlsClient({
      transport: this.#transport,
      cert: certificate.certificatePem,
      key: certificate.keyPem,
      signatureHash: SIGNATURE,
      srtpProfiles: [7, 1],
      extendedMasterSecret: true,
    });
    this.#client.onError.subscribe(() => this.#close('handshake-failed'));
    this.#cancelDeadline = clock.after(HANDSHAKE_MS, () => this.#close('handshake-failed'));
    this.#client.connect().catch(() => this.#close('handshake-failed'));
  }

  /** Takes a datagram of the peer's; what is not authentic or not in place is dropped (RFC 6347 §4.1.2.7). */
  receive(datagram: Buffer): void {
    if (this.#phase === 'handshake' && ++this.#datagrams > MOST_DATAGRAMS) this.#close('handshake-failed');
    for (const record of readRecords(datagram)) {
      if (this.#phase === 'closed') return;
      if (record.epoch === 0) {
        // Alerts in the clear are ignored: anyone could send them.
        if (record.type === CONTENT.handshake && this.#phase === 'handshake')
          this.#receiveInClear(record.fragment);
      } else if (record.type === CONTENT.handshake && this.#phase === 'handshake')
        this.#receiveFinished(record);
      else if (record.type === CONTENT.alert) this.#receiveAlert(record);
    }
  }

  /** Ends the association without telling the listener or the peer. */
  abandon(): void {
    this.#phase = 'closed';
    this.#client.dtls.flight = AFTER_LAST_FLIGHT;
    this.#cancelDeadline();
  }

  #close(reason: 'peer-closed' | Refused['reason']): void {
    if (this.#phase === 'closed') return;
    this.abandon();
    this.#listener.closed(reason);
  }

  #receiveInClear(plaintext: Buffer): void {
    for (const fragment of readHandshakeFragments(plaintext) ?? [])
      for (const message of this.#reassembly.add(fragment)) this.#take(message);
  }

  #take(message: HandshakeMessage): void {
    const clientRandom = this.#client.cipher.localRandom.serialize();
    this.#authentication = step(this.#authentication, message, {
      fingerprints: this.#fingerprints,
      clientRandom,
    });
    if (this.#authentication.kind === 'refused') this.#close(this.#authentication.reason);
    else this.#transport.onData(writeHandshakeRecord(message));
  }

  #receiveFinished(record: DtlsRecord): void {
    if (this.#authentication.kind !== 'awaiting-finished') return;
    const plaintext = this.#decrypt(record);
    const [finished] = (plaintext && readHandshakeFragments(plaintext)) ?? [];
    if (finished?.type !== FINISHED || finished.body.length !== VERIFY_DATA_OCTETS) return;
    const { dtls, cipher } = this.#client;
    const transcript = Buffer.concat(dtls.sortedHandshakeCache.map((message) => message.serialize()));
    if (isServerFinished(finished.body, cipher.masterSecret, transcript))
      this.#establish(this.#authentication.hello.srtpProfile);
    else this.#close('unauthenticated');
  }

  #establish(srtpProfile: number): void {
    const transform = SRTP_PROFILES.get(srtpProfile);
    if (!transform) throw new Error(`SRTP profile ${srtpProfile} was agreed on, but is not one of ours`);
    const { cipherKeyOctets: keyOctets, saltOctets } = transform;
    const material = this.#client.exportKeyingMaterial('EXTRACTOR-dtls_srtp', 2 * (keyOctets + saltOctets));
    // Client's key, server's key, client's salt, server's salt (RFC 5764 §4.2).
    const salts = material.subarray(2 * keyOctets);
    const client = { key: material.subarray(0, keyOctets), salt: salts.subarray(0, saltOctets) };
    const server = { key: material.subarray(keyOctets, 2 * keyOctets), salt: salts.subarray(saltOctets) };
    this.#phase = 'established';
    this.#client.dtls.flight = AFTER_LAST_FLIGHT;
    this.#cancelDeadline();
    this.#listener.established(new SrtpSender(transform, client), new SrtpReceiver(transform, server));
  }

  #receiveAlert(record: DtlsRecord): void {
    const [level, description] = this.#decrypt(record) ?? [];
    if (level === FATAL || description === CLOSE_NOTIFY) this.#close('peer-closed');
  }

  /** The record's content; undefined if it is not authentic, or comes before there are keys. */
  #decrypt({ type, version, epoch, sequence, fragment }: DtlsRecord): Buffer | undefined {
    try {
      const header = { type, version, epoch, sequenceNumber: sequence };
      return this.#client.cipher.cipher.decrypt(this.#client.sessionType, fragment, header);
    } catch {
      return undefined;
    }
  }
}
