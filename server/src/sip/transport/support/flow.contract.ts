import { afterEach, describe, expect, test } from 'vitest';
import type { Flow, FlowListener } from '../flow.ts';

/** The far end of a flow under test. */
interface Peer {
  send(frame: string): void;
  /** Drops the connection without saying anything in SIP. */
  hangUp(): void;
  /** The next message from the server. */
  next(): Promise<string>;
  /** How the flow was closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Connects a new flow to the listener and resolves with both ends. */
export type Connect = (listener: FlowListener) => Promise<{ readonly flow: Flow; readonly peer: Peer }>;

/** What every kind of flow promises, whatever carries it. */
export function holdsFlowContract(name: string, connect: Connect, disconnect: () => Promise<void>): void {
  describe(`a flow over ${name}`, () => {
    afterEach(disconnect);

    test('is announced, open, with an id of its own', async () => {
      const heard = createEar();
      const first = await connect(heard);
      const second = await connect(heard);
      expect(heard.flows).toEqual([first.flow, second.flow]);
      expect(first.flow.open).toBe(true);
      expect(first.flow.id).not.toBe(second.flow.id);
      expect(first.flow.remoteAddress).not.toBe('');
    });

    test('carries octets unharmed in both directions', async () => {
      const heard = createEar();
      const { flow, peer } = await connect(heard);
      const octets = `MESSAGE ${Buffer.from('Zoë \u2028').toString('latin1')}\r\n\r\n`;
      peer.send(octets);
      expect(await heard.frame()).toBe(octets);
      expect(flow.send(octets)).toBe(true);
      expect(await peer.next()).toBe(octets);
    });

    test('answers a keep-alive itself and keeps it from the listener (RFC 7118 §6)', async () => {
      const heard = createEar();
      const { peer } = await connect(heard);
      peer.send('\r\n\r\n');
      expect(await peer.next()).toBe('\r\n');
      peer.send('\r\n');
      peer.send('after');
      expect(await heard.frame()).toBe('after');
    });

    test('closes with a code and a reason, reports it once, and sends nothing more', async () => {
      const heard = createEar();
      const { flow, peer } = await connect(heard);
      flow.close(4403, 'The credentials were revoked');
      flow.close(1000, 'again');
      expect(flow.open).toBe(false);
      expect(flow.send('late')).toBe(false);
      expect(heard.reasons).toEqual([]);
      expect(await peer.closed).toEqual({ code: 4403, reason: 'The credentials were revoked' });
      await heard.end();
      expect(heard.reasons).toEqual(['The credentials were revoked']);
    });

    test('reports a peer that went away, and refuses to send to it', async () => {
      const heard = createEar();
      const { flow, peer } = await connect(heard);
      peer.hangUp();
      await heard.end();
      expect(flow.open).toBe(false);
      expect(flow.send('late')).toBe(false);
      expect(heard.reasons).toHaveLength(1);
    });

    test('hears nothing more once it was closed from this side', async () => {
      const heard = createEar();
      const { flow, peer } = await connect(heard);
      flow.close(1000, 'done');
      peer.send('too late');
      await heard.end();
      expect(heard.frames).toEqual([]);
    });
  });
}

interface Ear extends FlowListener {
  readonly flows: Flow[];
  readonly reasons: string[];
  readonly frames: string[];
  frame(): Promise<string>;
  end(): Promise<void>;
}

/** A listener that keeps what it hears. */
export function createEar(): Ear {
  const frames = createMailbox<string>();
  const ends = createMailbox<string>();
  const ear: Ear = {
    flows: [],
    reasons: [],
    frames: frames.waiting,
    opened: (flow) => ear.flows.push(flow),
    received: (_flow, frame) => frames.put(frame),
    closed: (_flow, reason) => {
      ear.reasons.push(reason);
      ends.put(reason);
    },
    frame: () => frames.take(),
    end: async () => {
      await ends.take();
    },
  };
  return ear;
}

/** Values in order of arrival, for a test that waits for the next one. */
export function createMailbox<Value>(): {
  readonly waiting: Value[];
  put(value: Value): void;
  take(): Promise<Value>;
} {
  const waiting: Value[] = [];
  const takers: ((value: Value) => void)[] = [];
  return {
    waiting,
    put(value) {
      const taker = takers.shift();
      if (taker) taker(value);
      else waiting.push(value);
    },
    take: () =>
      new Promise((resolve) => {
        const value = waiting.shift();
        if (value === undefined) takers.push(resolve);
        else resolve(value);
      }),
  };
}
