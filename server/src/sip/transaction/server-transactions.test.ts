import { describe, expect, test } from 'vitest';
import { toOf } from '../message/essentials.ts';
import { Bench, lastSent, parsed, request, transcript } from './support/test-bench.ts';

describe('a request other than INVITE', () => {
  test('that is answered at once never enters the table', () => {
    const bench = new Bench();
    const flow = bench.connect();
    bench.answer = (transaction) => {
      transaction.respond({ status: 200 });
    };
    flow.receive(request('REGISTER'));
    expect(transcript(flow)).toEqual(['200 REGISTER']);
    expect(bench.layer.size).toBe(0);
    expect(bench.clock.pending).toBe(0);
  });

  test('is answered with what it had itself, a To tag, and where it came from (RFC 3261 §8.2.6.2, §18.2.1)', () => {
    const bench = new Bench();
    const flow = bench.connect('192.0.2.7');
    flow.receive(request('OPTIONS', { branch: 'z9hG4bK42', cseq: 9 }));
    bench.requests[0]?.respond({ status: 200, fields: [['Allow', 'INVITE']] });
    const { headers } = lastSent(flow);
    expect(headers.all('via')).toEqual([
      'SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK42;received=192.0.2.7',
    ]);
    expect(headers.get('from')).toBe('<sip:101@example.org>;tag=asd7');
    expect(headers.get('to')).toMatch(/^<sip:102@example\.org>;tag=.+$/);
    expect(headers.get('call-id')).toBe('asidkj3ss');
    expect(headers.get('cseq')).toBe('9 OPTIONS');
    expect(headers.get('allow')).toBe('INVITE');
  });

  test('fills in the rport that was asked for (RFC 3581 §4)', () => {
    const bench = new Bench();
    const flow = bench.connect('192.0.2.7');
    flow.receive(request('OPTIONS', { branch: 'z9hG4bK42;rport;alias' }));
    bench.requests[0]?.respond({ status: 200 });
    expect(lastSent(flow).headers.get('via')).toBe(
      'SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK42;rport=5060;alias;received=192.0.2.7',
    );
  });

  test('is known when it comes again, until it is answered', () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('MESSAGE'));
    flow.receive(request('MESSAGE'));
    expect(bench.requests).toHaveLength(1);
    bench.requests[0]?.respond({ status: 100 });
    flow.receive(request('MESSAGE'));
    bench.requests[0]?.respond({ status: 200 });
    expect(transcript(flow)).toEqual(['100 MESSAGE', '100 MESSAGE', '200 MESSAGE']);
    expect(bench.layer.size).toBe(0);
  });

  test('gets a 100 after 3.5 s, and nothing after 32 s (RFC 4320 §4)', async () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('MESSAGE'));
    await bench.clock.advance(3500);
    expect(transcript(flow)).toEqual(['100 MESSAGE']);
    await bench.clock.advance(28_500);
    expect(bench.layer.size).toBe(0);
    bench.requests[0]?.respond({ status: 200 });
    expect(transcript(flow)).toEqual(['100 MESSAGE']);
  });

  test('never gets a 408, nor a provisional response but 100 (RFC 4320 §4)', () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('MESSAGE'));
    expect(() => bench.requests[0]?.respond({ status: 180 })).toThrow(RangeError);
    bench.requests[0]?.respond({ status: 408 });
    expect(transcript(flow)).toEqual([]);
    expect(bench.layer.size).toBe(0);
  });

  test.for(['REGISTER', 'INVITE'])('%s gets a 500 where the user throws, and the error goes on', (method) => {
    const bench = new Bench();
    const flow = bench.connect();
    bench.answer = () => {
      throw new Error('ours');
    };
    expect(() => {
      flow.receive(request(method));
    }).toThrow('ours');
    expect(transcript(flow)).toEqual([`500 ${method}`]);
  });

  test('of RFC 2543, without a branch of its own, is told apart by what else it has (RFC 3261 §17.2.3)', () => {
    const bench = new Bench();
    const flow = bench.connect();
    for (const branch of ['', 'z9hG4bK']) {
      flow.receive(request('MESSAGE', { branch }));
      flow.receive(request('MESSAGE', { branch }));
      flow.receive(request('MESSAGE', { branch, cseq: 2 }));
    }
    expect(bench.requests).toHaveLength(4);
  });
});

describe('an INVITE', () => {
  test('keeps its To tag over its responses, CANCEL included (RFC 3261 §9.2)', () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE'));
    bench.requests[0]?.respond({ status: 100 });
    bench.requests[0]?.respond({ status: 180, toTag: 'callee' });
    flow.receive(request('CANCEL'));
    bench.requests[0]?.respond({ status: 487 });
    expect(transcript(flow)).toEqual(['100 INVITE', '180 INVITE', '200 CANCEL', '487 INVITE']);
    expect(flow.sent.map((frame) => toOf(parsed(frame)).tag)).toEqual([
      undefined,
      'callee',
      'callee',
      'callee',
    ]);
  });

  test('that comes again gets the last provisional response again', () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE'));
    flow.receive(request('INVITE'));
    bench.requests[0]?.respond({ status: 180 });
    flow.receive(request('INVITE'));
    expect(transcript(flow)).toEqual(['180 INVITE', '180 INVITE']);
    expect(bench.requests).toHaveLength(1);
  });

  test('that has its ACK can be released: neither table nor clock knows of it', () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE'));
    bench.requests[0]?.release();
    expect(bench.layer.size).toBe(1);
    bench.requests[0]?.respond({ status: 200 });
    bench.requests[0]?.release();
    expect(bench.layer.size).toBe(0);
    bench.requests[0]?.respond({ status: 200 });
    expect(transcript(flow)).toEqual(['200 INVITE']);
  });

  test('that comes again after its 2xx is absorbed, further 2xx go out (RFC 6026 §7.1)', async () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE'));
    bench.requests[0]?.respond({ status: 200, toTag: 'callee' });
    flow.receive(request('INVITE'));
    bench.requests[0]?.respond({ status: 200, toTag: 'callee' });
    bench.requests[0]?.respond({ status: 486 });
    expect(transcript(flow)).toEqual(['200 INVITE', '200 INVITE']);
    expect(bench.requests).toHaveLength(1);
    expect(bench.layer.size).toBe(1);
    await bench.clock.advance(32_000);
    expect(bench.layer.size).toBe(0);
  });

  test('its refusal is acknowledged by branch, whatever the CSeq of the ACK (JsSIP after glare)', () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE', { cseq: 9440 }));
    bench.requests[0]?.respond({ status: 491, toTag: 'callee' });
    flow.receive(request('INVITE', { cseq: 9440 }));
    expect(transcript(flow)).toEqual(['491 INVITE', '491 INVITE']);
    flow.receive(request('ACK', { cseq: 9441, toTag: 'callee' }));
    expect(bench.acks).toEqual([]);
    expect(bench.layer.size).toBe(0);
  });

  test('its refusal without an ACK is forgotten after 32 s (timer H)', async () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE'));
    bench.requests[0]?.respond({ status: 486 });
    await bench.clock.advance(31_999);
    expect(bench.layer.size).toBe(1);
    await bench.clock.advance(1);
    expect(bench.layer.size).toBe(0);
  });

  test.for(['z9hG4bKother', 'z9hG4bK776asd'])('the ACK to its 2xx reaches the user, branch %s', (branch) => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE'));
    bench.requests[0]?.respond({ status: 200, toTag: 'callee' });
    flow.receive(request('ACK', { branch, toTag: 'callee' }));
    expect(bench.acks).toHaveLength(1);
    expect(transcript(flow)).toEqual(['200 INVITE']);
  });

  test('of RFC 2543 is acknowledged and cancelled by what else it has (RFC 3261 §17.2.3)', () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE', { branch: '' }));
    flow.receive(request('CANCEL', { branch: '' }));
    expect(bench.cancelledOnes).toHaveLength(1);
    bench.requests[0]?.respond({ status: 487, toTag: 'callee' });
    flow.receive(request('ACK', { branch: '', toTag: 'callee' }));
    expect(bench.acks).toEqual([]);
    expect(bench.layer.size).toBe(0);
  });

  test('with the same branch on another flow is another transaction', () => {
    const bench = new Bench();
    const [first, second] = [bench.connect(), bench.connect()];
    first.receive(request('INVITE'));
    second.receive(request('INVITE'));
    expect(bench.requests.map(({ flow }) => flow)).toEqual([first, second]);
    second.receive(request('CANCEL'));
    expect(bench.cancelledOnes).toEqual([bench.requests[1]]);
    bench.requests[1]?.respond({ status: 487 });
    expect(transcript(first)).toEqual([]);
  });

  test('whose flow closes is forgotten, and answering it does nothing', async () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE'));
    flow.hangUp();
    await bench.clock.advance(0);
    expect(bench.layer.size).toBe(0);
    bench.requests[0]?.respond({ status: 200 });
    expect(flow.sent).toEqual([]);
  });

  test('whose answer the flow no longer takes is forgotten', () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE'));
    flow.hangUp();
    bench.requests[0]?.respond({ status: 180 });
    expect(bench.layer.size).toBe(0);
  });
});

describe('a CANCEL', () => {
  test('that finds its INVITE unanswered gets 200 and is reported; one that finds it answered is not', () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE'));
    flow.receive(request('CANCEL'));
    expect(bench.cancelledOnes).toEqual(bench.requests);
    expect(transcript(flow)).toEqual(['200 CANCEL']);
  });

  test.for([
    [200, 1],
    [486, 0],
  ] as const)('that crosses the final response %d gets 200; told to the user: %d', ([status, told]) => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE'));
    bench.requests[0]?.respond({ status, toTag: 'callee' });
    flow.receive(request('CANCEL'));
    expect(bench.cancelledOnes).toEqual([]);
    expect(bench.abandonedOnes).toHaveLength(told);
    expect(transcript(flow)).toEqual([`${String(status)} INVITE`, '200 CANCEL']);
  });

  test('that comes after the ACK to the 2xx gets 481: the call is on', () => {
    const bench = new Bench();
    const flow = bench.connect();
    flow.receive(request('INVITE'));
    bench.requests[0]?.respond({ status: 200, toTag: 'callee' });
    bench.requests[0]?.release();
    flow.receive(request('CANCEL'));
    expect(bench.abandonedOnes).toEqual([]);
    expect(transcript(flow)).toEqual(['200 INVITE', '481 CANCEL']);
  });

  test.for([
    ['nothing', ''],
    ['another branch', request('INVITE', { branch: 'z9hG4bKother' })],
    ['another method', request('MESSAGE')],
  ] as const)('that finds %s gets 481', ([, before]) => {
    const bench = new Bench();
    const flow = bench.connect();
    if (before !== '') flow.receive(before);
    flow.receive(request('CANCEL'));
    expect(transcript(flow)).toEqual(['481 CANCEL']);
    expect(bench.cancelledOnes).toEqual([]);
  });
});

test('an ACK that belongs to nothing reaches the user, and is never answered', () => {
  const bench = new Bench();
  const flow = bench.connect();
  flow.receive(request('ACK', { toTag: 'callee' }));
  expect(bench.acks).toHaveLength(1);
  expect(flow.sent).toEqual([]);
});
