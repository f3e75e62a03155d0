import { describe, expect, test } from 'vitest';
import { UnsafeFieldError } from '../message/build.ts';
import { viaOf } from '../message/essentials.ts';
import { Bench, Ear, lastSent, outgoing, parsed, response, transcript } from './support/test-bench.ts';

describe('a request of ours', () => {
  test('goes out with our Via, Max-Forwards and Content-Length before and after its own fields', () => {
    const bench = new Bench();
    const flow = bench.connect();
    bench.layer.send(flow, { ...outgoing('MESSAGE'), body: 'hello' }, new Ear());
    const message = lastSent(flow);
    expect(message.headers.get('via')).toMatch(/^SIP\/2\.0\/WS [a-z0-9]+\.invalid;branch=z9hG4bK[\w.]{8,}$/);
    expect(message.headers.get('max-forwards')).toBe('70');
    expect(message.headers.get('content-length')).toBe('5');
    expect(message.headers.get('contact')).toBe('<sip:edge.example.org>');
    expect(message.body).toBe('hello');
  });

  test('has a branch of its own, every time', () => {
    const bench = new Bench();
    const flow = bench.connect();
    for (let each = 0; each < 50; each++) bench.layer.send(flow, outgoing('NOTIFY'), new Ear());
    expect(new Set(flow.sent.map((frame) => viaOf(parsed(frame)).branch)).size).toBe(50);
  });

  test('hands over its responses, the final one last', () => {
    const bench = new Bench();
    const flow = bench.connect();
    const ear = new Ear();
    bench.layer.send(flow, outgoing('INFO'), ear);
    flow.receive(response(flow, 100));
    flow.receive(response(flow, 200));
    flow.receive(response(flow, 500));
    expect(ear.heard).toEqual(['100', '200']);
    expect(bench.layer.size).toBe(0);
    expect(bench.layer.strayResponses).toBe(1);
  });

  test('without a final response fails after 32 s, provisional ones or not (timer F)', async () => {
    const bench = new Bench();
    const flow = bench.connect();
    const ear = new Ear();
    bench.layer.send(flow, outgoing('INFO'), ear);
    flow.receive(response(flow, 100));
    await bench.clock.advance(31_999);
    expect(ear.heard).toEqual(['100']);
    await bench.clock.advance(1);
    expect(ear.heard).toEqual(['100', 'timeout']);
    expect(bench.layer.size).toBe(0);
  });

  test('fails at once, but in a turn of its own, where the flow is gone', async () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.hangUp();
    await bench.clock.advance(0);
    const ear = new Ear();
    bench.layer.send(flow, outgoing('INVITE'), ear);
    bench.layer.send(flow, outgoing('INFO'), ear);
    expect(ear.heard).toEqual([]);
    await bench.clock.advance(0);
    expect(ear.heard).toEqual(['transport', 'transport']);
    expect(bench.layer.size).toBe(0);
  });

  test('fails when its flow closes, each for itself even where one user throws', async () => {
    const bench = new Bench();
    const flow = bench.connect();
    const other = bench.connect();
    const [ear, elsewhere] = [new Ear(), new Ear()];
    const thrower = { final: () => undefined, failed: () => expect.unreachable('thrown on purpose') };
    bench.layer.send(flow, outgoing('INFO'), thrower);
    bench.layer.send(flow, outgoing('INVITE'), ear);
    bench.layer.send(other, outgoing('INVITE'), elsewhere);
    expect(() => {
      bench.layer.flowClosed(flow);
    }).toThrow(AggregateError);
    expect(ear.heard).toEqual(['transport']);
    expect(elsewhere.heard).toEqual([]);
    expect(bench.layer.size).toBe(1);
    await bench.clock.advance(32_000);
    expect(ear.heard).toEqual(['transport']);
  });

  test('that would break the message is refused, and leaves nothing behind', () => {
    const bench = new Bench();
    const flow = bench.connect();
    const smuggling = { ...outgoing('INVITE'), fields: [['Subject', 'a\r\nVia: b']] as const };
    expect(() => bench.layer.send(flow, smuggling, new Ear())).toThrow(UnsafeFieldError);
    expect(bench.layer.size).toBe(0);
    expect(bench.clock.pending).toBeLessThanOrEqual(1);
  });
});

describe('a response is a stray, counted and dropped,', () => {
  test.for([
    ['with an unknown branch', (frame: string) => frame.replace('z9hG4bK', 'z9hG4bKx')],
    ['without a branch', (frame: string) => frame.replace(/;branch=.*/, '')],
    ['to another method', (frame: string) => frame.replace('INFO', 'BYE')],
    ['to a CANCEL that was never sent', (frame: string) => frame.replace('INFO', 'CANCEL')],
    [
      'with a second Via (RFC 3261 §8.1.3.3)',
      (frame: string) => frame.replace('From:', 'Via: SIP/2.0/WS a\r\nFrom:'),
    ],
  ] as const)('%s', ([, change]) => {
    const bench = new Bench();
    const flow = bench.connect();
    const ear = new Ear();
    bench.layer.send(flow, outgoing('INFO'), ear);
    flow.receive(change(response(flow, 200)));
    expect(ear.heard).toEqual([]);
    expect(bench.layer.strayResponses).toBe(1);
  });

  test('over another flow than its request', () => {
    const bench = new Bench();
    const [flow, other] = [bench.connect(), bench.connect()];
    const ear = new Ear();
    bench.layer.send(flow, outgoing('INFO'), ear);
    other.receive(response(flow, 200));
    expect(ear.heard).toEqual([]);
    expect(bench.layer.strayResponses).toBe(1);
  });
});

describe('an INVITE of ours', () => {
  test('acknowledges its refusal with its own branch and number, and the tag of the refusal (RFC 3261 §17.1.1.3)', () => {
    const bench = new Bench();
    const flow = bench.connect();
    const ear = new Ear();
    bench.layer.send(flow, outgoing('INVITE'), ear);
    const invite = lastSent(flow);
    flow.receive(response(flow, 486));
    const ack = lastSent(flow);
    expect(ack).toMatchObject({ method: 'ACK', uri: outgoing('INVITE').uri, body: '' });
    for (const name of ['via', 'from', 'call-id', 'route']) {
      expect(ack.headers.all(name)).toEqual(invite.headers.all(name));
    }
    expect(ack.headers.get('to')).toBe('<sip:101@example.org>;tag=peer');
    expect(ack.headers.get('cseq')).toBe('7 ACK');
    expect(ack.headers.count('contact')).toBe(0);
    expect(ear.heard).toEqual(['486']);
    expect(bench.layer.size).toBe(0);
  });

  test('acknowledges its refusal whatever name that gives to whom it was sent', () => {
    const bench = new Bench();
    const flow = bench.connect();
    bench.layer.send(flow, outgoing('INVITE'), new Ear());
    flow.receive(response(flow, 486).replace('To: ', 'To: "\\\0" '));
    expect(transcript(flow)).toEqual(['INVITE', 'ACK']);
    expect(lastSent(flow).essentials.to.tag).toBe('peer');
  });

  test('leaves the ACK to a 2xx to the user, and hands over further 2xx for 32 s (RFC 6026 §7.2)', async () => {
    const bench = new Bench();
    const flow = bench.connect();
    const ear = new Ear();
    bench.layer.send(flow, outgoing('INVITE'), ear);
    const ok = response(flow, 200);
    flow.receive(response(flow, 180));
    flow.receive(ok);
    flow.receive(ok);
    expect(ear.heard).toEqual(['180', '200', '200']);
    expect(transcript(flow)).toEqual(['INVITE']);
    await bench.clock.advance(32_000);
    flow.receive(ok);
    expect(ear.heard).toEqual(['180', '200', '200']);
    expect(bench.layer.size).toBe(0);
  });

  test('whose dialog is over can be released: further 2xx are strays', () => {
    const bench = new Bench();
    const flow = bench.connect();
    const ear = new Ear();
    const invite = bench.layer.send(flow, outgoing('INVITE'), ear);
    invite.release();
    expect(bench.layer.size).toBe(1);
    const ok = response(flow, 200);
    flow.receive(ok);
    invite.release();
    invite.release();
    flow.receive(ok);
    expect(ear.heard).toEqual(['200']);
    expect(bench.layer.size).toBe(0);
  });

  test('without any answer fails after 32 s (timer B), but never once it rings', async () => {
    const bench = new Bench();
    const flow = bench.connect();
    const [silent, ringing] = [new Ear(), new Ear()];
    bench.layer.send(flow, outgoing('INVITE'), silent);
    bench.layer.send(flow, outgoing('INVITE'), ringing);
    flow.receive(response(flow, 180));
    await bench.clock.advance(180_000);
    expect(silent.heard).toEqual(['timeout']);
    expect(ringing.heard).toEqual(['180']);
  });

  test('is cancelled with its branch and number, and further fields (RFC 3261 §9.1)', () => {
    const bench = new Bench();
    const flow = bench.connect();
    const ear = new Ear();
    const transaction = bench.layer.send(flow, outgoing('INVITE'), ear);
    const invite = flow.sent[0] ?? '';
    flow.receive(response(flow, 180));
    transaction.cancel([['Reason', 'SIP;cause=200;text="Call completed elsewhere"']]);
    transaction.cancel();
    const cancel = lastSent(flow);
    expect(transcript(flow)).toEqual(['INVITE', 'CANCEL']);
    for (const name of ['via', 'from', 'to', 'call-id', 'route']) {
      expect(cancel.headers.all(name)).toEqual(parsed(invite).headers.all(name));
    }
    expect(cancel.headers.get('cseq')).toBe('7 CANCEL');
    expect(cancel.headers.get('reason')).toBe('SIP;cause=200;text="Call completed elsewhere"');
    flow.receive(response(flow, 200));
    expect(ear.heard).toEqual(['180']);
    flow.receive(response(flow, 487, invite));
    expect(ear.heard).toEqual(['180', '487']);
    expect(transcript(flow)).toEqual(['INVITE', 'CANCEL', 'ACK']);
    expect(bench.layer.size).toBe(0);
    expect(bench.layer.strayResponses).toBe(0);
  });

  test('waits with its CANCEL for a provisional response', () => {
    const bench = new Bench();
    const flow = bench.connect();
    const ear = new Ear();
    bench.layer.send(flow, outgoing('INVITE'), ear).cancel();
    expect(transcript(flow)).toEqual(['INVITE']);
    flow.receive(response(flow, 100));
    expect(transcript(flow)).toEqual(['INVITE', 'CANCEL']);
  });

  test('that was answered before its CANCEL arrived is the user’s to hang up', () => {
    const bench = new Bench();
    const flow = bench.connect();
    const ear = new Ear();
    const transaction = bench.layer.send(flow, outgoing('INVITE'), ear);
    const ok = response(flow, 200);
    flow.receive(response(flow, 180));
    transaction.cancel();
    flow.receive(ok);
    transaction.cancel();
    expect(ear.heard).toEqual(['180', '200']);
    expect(transcript(flow)).toEqual(['INVITE', 'CANCEL']);
  });

  test('that was cancelled and never concluded fails 32 s later (RFC 3261 §9.1)', async () => {
    const bench = new Bench();
    const flow = bench.connect();
    const ear = new Ear();
    const transaction = bench.layer.send(flow, outgoing('INVITE'), ear);
    flow.receive(response(flow, 180));
    transaction.cancel();
    await bench.clock.advance(32_000);
    expect(ear.heard).toEqual(['180', 'timeout']);
    expect(bench.layer.size).toBe(0);
  });

  test('after a final response has nothing left to cancel', () => {
    const bench = new Bench();
    const flow = bench.connect();
    const transaction = bench.layer.send(flow, outgoing('INVITE'), new Ear());
    flow.receive(response(flow, 486));
    transaction.cancel();
    expect(transcript(flow)).toEqual(['INVITE', 'ACK']);
  });
});

test('the ACK to a 2xx has a branch of its own and makes no transaction', () => {
  const bench = new Bench();
  const flow = bench.connect();
  bench.layer.sendAck(flow, outgoing('ACK'));
  bench.layer.sendAck(flow, outgoing('ACK'));
  const [first, second] = flow.sent.map((frame) => viaOf(parsed(frame)).branch);
  expect(first).not.toBe(second);
  expect(bench.layer.size).toBe(0);
});

test('two layers over one flow in memory finish what they begin', () => {
  const [caller, callee] = [new Bench(), new Bench()];
  const [left, right] = [caller.connect(), callee.connect()];
  left.peer = (frame) => {
    right.receive(frame);
  };
  right.peer = (frame) => {
    left.receive(frame);
  };
  callee.answer = (transaction) => {
    transaction.respond({ status: 100 });
    transaction.respond({ status: 180 });
    transaction.respond({ status: 603 });
  };
  const ear = new Ear();
  caller.layer.send(left, outgoing('INVITE'), ear);
  expect(ear.heard).toEqual(['100', '180', '603']);
  expect([caller.layer.size, callee.layer.size]).toEqual([0, 0]);
  expect(callee.acks).toEqual([]);
});
