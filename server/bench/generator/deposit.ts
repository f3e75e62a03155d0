import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { readOggOpus } from '../../src/media/ogg/ogg-opus.ts';
import { TestPeer } from '../../src/media/support/test-peer.ts';
import type { Account, Deposits, Outcomes, Target } from '../load.ts';
import { OutgoingCall } from './call.ts';
import { Phone } from './phone.ts';
import { Registration } from './registration.ts';
import { CHECK_MS, FRAME_MS, FRAME_UNITS, SPEECH } from './speech.ts';

/** A caller who leaves a message: SIP on one side, ICE, DTLS and SRTP on the other. */
class Caller {
  readonly #call: OutgoingCall;
  readonly #peer: TestPeer;
  readonly #phone: Phone;
  #sent = 0;

  private constructor(phone: Phone, call: OutgoingCall, peer: TestPeer) {
    this.#phone = phone;
    this.#call = call;
    this.#peer = peer;
  }

  /** Calls, is connected, and skips the greeting. */
  static async connect(target: Target, account: Account, mailbox: string): Promise<Caller> {
    const phone = new Phone(account, target);
    await phone.connect();
    await new Registration(phone).first();
    const peer = await TestPeer.open();
    const call = new OutgoingCall(phone, mailbox);
    peer.accept(await call.invite(peer.offer()));
    call.acknowledge();
    const checking = setInterval(() => peer.check(), CHECK_MS);
    await peer.connected.next();
    clearInterval(checking);
    await call.info('#');
    return new Caller(phone, call, peer);
  }

  speak(packet: Buffer): void {
    this.#peer.sendRtp({ timestamp: this.#sent++ * FRAME_UNITS, payload: packet });
  }

  async hangUp(): Promise<void> {
    await this.#call.hangUp();
    this.#peer.close();
    this.#phone.cut();
  }
}

/** Every caller speaks at the same time, a packet each 20 ms. */
export async function leaveMessages(order: Deposits): Promise<Outcomes['deposits']> {
  const { target, callers, mailboxes, seconds } = order;
  const speech = readOggOpus(await readFile(SPEECH));
  const connected = await Promise.all(
    callers.map((account, index) => Caller.connect(target, account, mailboxes[index] ?? '')),
  );
  const start = performance.now();
  for (let frame = 0; frame * FRAME_MS < seconds * 1000; frame++) {
    await pause(Math.max(0, start + frame * FRAME_MS - performance.now()));
    const packet = speech[frame % speech.length];
    if (packet !== undefined) for (const caller of connected) caller.speak(packet);
  }
  await Promise.all(connected.map((caller) => caller.hangUp()));
  return { calls: connected.length };
}
