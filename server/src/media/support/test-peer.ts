import { createHmac, randomBytes } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { DtlsServer } from 'werift';
import { makeCertificate, SIGNATURE } from '../dtls/dtls-certificate.ts';
import type { LocalCertificate } from '../dtls/dtls-certificate.ts';
import { readRtp, isRtcp, writeRtp } from '../rtp/rtp.ts';
import type { RtpPacket } from '../rtp/rtp.ts';
import { attribute, readDescription } from '../sdp/sdp.ts';
import { SRTP_PROFILES, SrtpReceiver, SrtpSender } from '../srtp/srtp.ts';

/** What comes in, to be awaited one by one. */
export class Arrivals<Item> {
  readonly all: Item[] = [];
  #taken = 0;
  readonly #waiting: ((item: Item) => void)[] = [];

  add(item: Item): void {
    this.all.push(item);
    const taker = this.#waiting.shift();
    if (!taker) return;
    this.#taken++;
    taker(item);
  }

  /** The next item that has not been taken. */
  next(): Promise<Item> {
    const item = this.all[this.#taken];
    if (item !== undefined) {
      this.#taken++;
      return Promise.resolve(item);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

export interface TestPeerOptions {
  /** What it shows in the handshake; its own unless given. */
  readonly certificate?: LocalCertificate;
  /** What it signs with; the certificate's own key unless given. */
  readonly keyPem?: string;
  /** What its offers announce; its certificate's unless given. */
  readonly fingerprint?: string;
  readonly extendedMasterSecret?: boolean;
  readonly srtpProfile?: 1 | 7;
  readonly family?: 'udp4' | 'udp6';
  /** What it says in its Finished instead of the truth. */
  readonly finished?: Buffer;
  /** Answers no DTLS. */
  readonly deaf?: boolean;
  /** Payload types of the offer, of 111 (Opus), 0 (PCMU) and 101 (telephone-event). */
  readonly formats?: string;
}

export interface CheckOptions {
  readonly password?: string;
  readonly fragment?: string;
  readonly useCandidate?: boolean;
  readonly controlled?: boolean;
}

/** A hand-made browser for tests: a real socket, werift's DTLS server, and freedom to misbehave. */
export class TestPeer {
  /** STUN responses, and RTP and RTCP in the clear. */
  readonly stun = new Arrivals<Buffer>();
  readonly rtp = new Arrivals<RtpPacket>();
  readonly rtcp = new Arrivals<Buffer>();
  /** Its side of the handshake succeeded. */
  readonly connected = new Arrivals<true>();
  ufrag = 'peer1';
  direction = 'sendrecv';
  readonly #options: TestPeerOptions;
  readonly #certificate: LocalCertificate;
  readonly #socket: dgram.Socket;
  readonly #server: DtlsServer;
  readonly #dtlsTransport;
  #remote = { ufrag: '', password: '', port: 0 };
  #sender: SrtpSender | undefined;
  #receiver: SrtpReceiver | undefined;
  #sequence = 0;

  static async open(options: TestPeerOptions = {}): Promise<TestPeer> {
    const certificate = options.certificate ?? (await makeCertificate());
    const socket = dgram.createSocket(options.family ?? 'udp4');
    socket.bind(0, options.family === 'udp6' ? '::1' : '127.0.0.1');
    await once(socket, 'listening');
    return new TestPeer(options, certificate, socket);
  }

  private constructor(options: TestPeerOptions, certificate: LocalCertificate, socket: dgram.Socket) {
    this.#options = options;
    this.#certificate = certificate;
    this.#socket = socket;
    this.#dtlsTransport = {
      type: 'ice',
      address: { address: '', family: '', port: 0 },
      closed: false,
      onData: (_datagram: Buffer): void => undefined,
      send: async (datagram: Buffer): Promise<void> => this.send(datagram),
      close: async (): Promise<void> => undefined,
    };
    this.#server = new DtlsServer({
      transport: this.#dtlsTransport,
      cert: certificate.certificatePem,
      key: options.keyPem ?? certificate.keyPem,
      signatureHash: SIGNATURE,
      srtpProfiles: [options.srtpProfile ?? 7],
      extendedMasterSecret: options.extendedMasterSecret ?? true,
      certificateRequest: true,
    });
    const { finished } = options;
    if (finished) this.#server.cipher.verifyData = () => Buffer.from(finished);
    this.#server.onConnect.subscribe(() => this.#takeKeys());
    this.#server.onError.subscribe(() => undefined); // tests look at the other end's verdict
    socket.on('message', (datagram) => this.#receive(datagram));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  offer(): string {
    return this.#description('actpass');
  }

  /** The answer to the server's offer, which it accepts. */
  answer(offer: string): string {
    this.accept(offer);
    return this.#description('passive');
  }

  #description(setup: 'actpass' | 'passive'): string {
    const fingerprint = this.#options.fingerprint ?? this.#certificate.fingerprint.value;
    return [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      't=0 0',
      'a=group:BUNDLE 0',
      `m=audio 9 UDP/TLS/RTP/SAVPF ${this.#options.formats ?? '111 0 101'}`,
      'c=IN IP4 0.0.0.0',
      'a=mid:0',
      'a=rtcp-mux',
      `a=${this.direction}`,
      `a=setup:${setup}`,
      `a=fingerprint:sha-256 ${fingerprint}`,
      `a=ice-ufrag:${this.ufrag}`,
      'a=ice-pwd:peerpeerpeerpeerpeerpeer',
      'a=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
      'a=rtpmap:111 opus/48000/2',
      'a=rtpmap:101 telephone-event/8000',
      '',
    ].join('\r\n');
  }

  /** Learns from an answer, or an offer, where to send and what to say there. */
  accept(answer: string): void {
    const audio = readDescription(answer).media.find(({ port }) => port > 0);
    if (!audio) throw new Error('the answer accepts nothing');
    this.#remote = {
      ufrag: attribute([audio.lines], 'ice-ufrag') ?? '',
      password: attribute([audio.lines], 'ice-pwd') ?? '',
      port: audio.port,
    };
  }

  /** What the last answer gave it for its checks. */
  get credentials(): { readonly ufrag: string; readonly password: string } {
    return this.#remote;
  }

  /** Sends a connectivity check (RFC 8445 §7.2.2), nominating unless told otherwise. */
  check({ password, fragment, useCandidate = true, controlled = false }: CheckOptions = {}): void {
    const attributes = Buffer.concat([
      stunAttribute(0x0006, Buffer.from(`${fragment ?? this.#remote.ufrag}:${this.ufrag}`)),
      stunAttribute(controlled ? 0x8029 : 0x802a, randomBytes(8)),
      ...(useCandidate ? [stunAttribute(0x0025, Buffer.alloc(0))] : []),
    ]);
    const head = Buffer.alloc(20);
    head.writeUInt16BE(1, 0);
    head.writeUInt16BE(attributes.length + 24, 2);
    head.writeUInt32BE(0x2112a442, 4);
    randomBytes(12).copy(head, 8);
    const covered = Buffer.concat([head, attributes]);
    const integrity = createHmac('sha1', password ?? this.#remote.password)
      .update(covered)
      .digest();
    this.send(Buffer.concat([covered, stunAttribute(0x0008, integrity)]));
  }

  /** Any datagram, to where the answer said. */
  send(datagram: Buffer): void {
    const address = this.#options.family === 'udp6' ? '::1' : '127.0.0.1';
    this.#socket.send(datagram, this.#remote.port, address);
  }

  /** SRTP; returns the datagram, so that it can be sent again. */
  sendRtp(packet: Partial<RtpPacket>): Buffer {
    const datagram = this.#keys.sender.protectRtp(
      writeRtp({
        marker: false,
        payloadType: 111,
        sequence: this.#sequence++ & 0xffff,
        timestamp: 0,
        ssrc: 77,
        payload: Buffer.from('sound'),
        ...packet,
      }),
    );
    this.send(datagram);
    return datagram;
  }

  /** One key: an update and three end packets (RFC 4733 §2.5.1). */
  press(key: string, timestamp: number): void {
    const event = '0123456789*#ABCD'.indexOf(key);
    for (const flags of [0x0a, 0x8a, 0x8a, 0x8a])
      this.sendRtp({ payloadType: 101, timestamp, payload: Buffer.from([event, flags, 3, 0]) });
  }

  sendRtcp(compound: Buffer): Buffer {
    const datagram = this.#keys.sender.protectRtcp(compound);
    this.send(datagram);
    return datagram;
  }

  /** An alert, encrypted as it should be (RFC 6347 §4.1) unless told otherwise. */
  alert(level: number, description: number, encrypted = true): void {
    const content = Buffer.from([level, description]);
    const sequence = ++this.#server.dtls.recordSequenceNumber;
    const header = { type: 21, version: 0xfefd, epoch: encrypted ? 1 : 0, sequenceNumber: sequence };
    const fragment = encrypted
      ? this.#server.cipher.cipher.encrypt(this.#server.sessionType, content, header)
      : content;
    const record = Buffer.alloc(13);
    record.writeUInt8(21, 0);
    record.writeUInt16BE(header.version, 1);
    record.writeUInt16BE(header.epoch, 3);
    record.writeUIntBE(sequence, 5, 6);
    record.writeUInt16BE(fragment.length, 11);
    this.send(Buffer.concat([record, fragment]));
  }

  close(): void {
    this.#server.dtls.flight = 99; // no more retransmissions
    this.#socket.close();
  }

  get #keys(): { readonly sender: SrtpSender; readonly receiver: SrtpReceiver } {
    if (!this.#sender || !this.#receiver) throw new Error('the handshake has not succeeded');
    return { sender: this.#sender, receiver: this.#receiver };
  }

  #takeKeys(): void {
    const profile = this.#server.srtp.srtpProfile ?? 0;
    const transform = SRTP_PROFILES.get(profile);
    if (!transform) throw new Error(`no SRTP profile ${profile}`);
    const keys = this.#server.extractSessionKeys(transform.cipherKeyOctets, transform.saltOctets);
    this.#sender = new SrtpSender(transform, { key: keys.localKey, salt: keys.localSalt });
    this.#receiver = new SrtpReceiver(transform, { key: keys.remoteKey, salt: keys.remoteSalt });
    this.connected.add(true);
  }

  #receive(datagram: Buffer): void {
    const first = datagram.readUInt8(0);
    if (first < 4) this.stun.add(datagram);
    else if (first < 64) {
      if (!this.#options.deaf) this.#dtlsTransport.onData(datagram);
    } else if (isRtcp(datagram)) {
      const compound = this.#keys.receiver.unprotectRtcp(datagram);
      if (compound) this.rtcp.add(compound);
    } else {
      const packet = readRtp(this.#keys.receiver.unprotectRtp(datagram) ?? Buffer.alloc(0));
      if (packet) this.rtp.add(packet);
    }
  }
}

function stunAttribute(type: number, value: Buffer): Buffer {
  const octets = Buffer.alloc(4 + ((value.length + 3) & ~3));
  octets.writeUInt16BE(type, 0);
  octets.writeUInt16BE(value.length, 2);
  value.copy(octets, 4);
  return octets;
}
