import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader } from './frame-reader.ts';

const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];
const FIN = 0x80;
const LARGEST = 64 * 1024;

/** A client's frame, as RFC 6455 §5.2 draws it. */
function frame(first: number, payload: Buffer, mask = 0x1234_5678): Buffer {
  const long = payload.length > 0xffff;
  const header = Buffer.alloc(payload.length < 126 ? 2 : long ? 10 : 4);
  header[0] = first;
  header[1] = 0x80 | (payload.length < 126 ? payload.length : long ? 127 : 126);
  if (long) header.writeBigUInt64BE(BigInt(payload.length), 2);
  else if (payload.length >= 126) header.writeUInt16BE(payload.length, 2);
  const key = Buffer.alloc(4);
  key.writeInt32BE(mask | 0);
  const masked = payload.map((octet, at) => octet ^ (key[at % 4] ?? 0));
  return Buffer.concat([header, key, masked]);
}

function reader(largest = LARGEST) {
  const read: string[] = [];
  const passed: Buffer[] = [];
  const pongs: number[] = [];
  const frames = new FrameReader(
    {
      message: (message) => read.push(message),
      other: (octets) => passed.push(Buffer.from(octets)),
      pong: (octets) => pongs.push(octets),
    },
    largest,
  );
  /** All of it, at once or piece by piece. */
  const readAll = (chunk: Buffer): void => {
    for (let more = frames.read(chunk); more; more = frames.goOn());
  };
  return { frames, read, passed, readAll, pongs: () => pongs };
}

const payload = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc
    .constantFrom(124, 125, 126, 127, 65_534, 65_535, LARGEST)
    .map((length) => new Uint8Array(length).fill(97)),
);

test('however the octets are cut, whole messages are read in order and every other frame is passed on whole', () => {
  const piece = fc.record({
    first: fc.constantFrom(TEXT | FIN, BINARY | FIN, PING | FIN, TEXT, BINARY),
    payload,
    mask: fc.integer(),
  });
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 70_000 }), { maxLength: 40 }),
      fc.boolean(),
      (pieces, cuts, drops) => {
        const whole: string[] = [];
        const others: Buffer[] = [];
        const sent: Buffer[] = [];
        for (const { first, payload: octets, mask } of pieces) {
          const content = Buffer.from((first & 0x0f) === PING ? octets.subarray(0, 125) : octets);
          const begun = frame(first, content, mask);
          sent.push(begun);
          if ((first & FIN) !== 0 && (first & 0x0f) !== PING) whole.push(content.toString('latin1'));
          else others.push(begun);
          if ((first & FIN) === 0) {
            // A ping between two fragments (RFC 6455 §5.4).
            const rest = [frame(PING | FIN, Buffer.from('hm')), frame(CONTINUATION | FIN, content)];
            sent.push(...rest);
            others.push(...rest);
          }
        }
        const octets = Buffer.concat(sent);
        const { read, passed, readAll } = reader();
        let at = 0;
        for (const cut of cuts) {
          const end = Math.min(octets.length, at + (drops ? 1 : cut));
          if (end > at) readAll(Buffer.from(octets.subarray(at, end)));
          at = end;
        }
        if (at < octets.length) readAll(octets.subarray(at));
        expect(read).toEqual(whole);
        expect(Buffer.concat(passed).equals(Buffer.concat(others))).toBe(true);
        expect(passed).toHaveLength(others.length);
      },
    ),
  );
});

test('octet by octet, a message of 64 KiB arrives', () => {
  const { frames, read } = reader();
  const message = Buffer.alloc(LARGEST, 'REGISTER ');
  for (const octet of frame(TEXT | FIN, message)) frames.read(Buffer.of(octet));
  expect(read).toEqual([message.toString('latin1')]);
});

test.each([
  ['longer than allowed', frame(TEXT | FIN, Buffer.alloc(101))],
  ['without a mask', Buffer.from([TEXT | FIN, 2, 104, 105])],
  ['with a reserved bit', frame(TEXT | FIN | 0x40, Buffer.from('hi'))],
  ['with a reserved opcode', frame(3 | FIN, Buffer.from('hi'))],
  ['that continues nothing', frame(CONTINUATION | FIN, Buffer.from('hi'))],
  ['of control that is fragmented', frame(PING, Buffer.from('hi'))],
  ['of control that is too long', frame(PING | FIN, Buffer.alloc(126))],
])('from a frame %s on, everything is passed on, and nothing is read any more', (_, wrong) => {
  const { frames, read, passed } = reader(100);
  const good = frame(TEXT | FIN, Buffer.from('hi'));
  frames.read(Buffer.concat([good, wrong, good]));
  frames.read(good);
  expect(read).toEqual(['hi']);
  expect(Buffer.concat(passed).equals(Buffer.concat([wrong, good, good]))).toBe(true);
});

test('nothing is read after a message whose listener throws', () => {
  const failing = new FrameReader(
    {
      message: () => {
        throw new Error('a mistake of ours');
      },
      other: () => undefined,
      pong: () => undefined,
    },
    LARGEST,
  );
  const hi = frame(TEXT | FIN, Buffer.from('hi'));
  expect(() => failing.read(hi)).toThrow('a mistake of ours');
  expect(() => failing.read(hi)).not.toThrow();
});

test('a pong goes nowhere, between the fragments of a message too', () => {
  const { frames, read, passed, pongs } = reader();
  const [pong, hi] = [frame(PONG | FIN, Buffer.from('pong')), Buffer.from('hi')];
  const [begun, ended] = [frame(TEXT, hi), frame(CONTINUATION | FIN, hi)];
  frames.read(Buffer.concat([pong, frame(TEXT | FIN, hi), begun, pong, ended, pong]));
  while (frames.goOn());
  expect(read).toEqual(['hi']);
  expect(passed).toEqual([begun, ended]);
  expect(pongs()).toEqual([pong.length, pong.length, pong.length]);
});

test('what follows a close frame is dropped', () => {
  const { frames, read, passed } = reader();
  const close = frame(CLOSE | FIN, Buffer.from([3, 232]));
  frames.read(Buffer.concat([close, frame(TEXT | FIN, Buffer.from('hi'))]));
  frames.read(close);
  expect(read).toEqual([]);
  expect(passed).toHaveLength(1);
});

test('the listener may end the reading at a message', () => {
  const { frames, read } = reader();
  const stopping = new FrameReader(
    {
      message: (message) => {
        read.push(message);
        stopping.end();
      },
      other: () => undefined,
      pong: () => undefined,
    },
    LARGEST,
  );
  const hi = frame(TEXT | FIN, Buffer.from('hi'));
  stopping.read(Buffer.concat([hi, hi]));
  stopping.read(hi);
  frames.end();
  frames.read(hi);
  expect(read).toEqual(['hi']);
});

test('of many frames that come together, four are read at once, and the rest by and by', () => {
  const { frames, read } = reader();
  const many = Buffer.concat(
    Array.from({ length: 10 }, (_, at) => frame(TEXT | FIN, Buffer.from(String(at)))),
  );
  const half = many.length - 3;
  expect([frames.read(many.subarray(0, half)), read.length]).toEqual([true, 4]);
  // What comes in between belongs behind what waits.
  expect([frames.read(many.subarray(half)), read.length]).toEqual([true, 8]);
  expect([frames.goOn(), read.length]).toEqual([false, 10]);
  expect(read).toEqual(Array.from({ length: 10 }, (_, at) => String(at)));
  expect(frames.goOn()).toBe(false);
});

test('of long frames that come together, fewer are read at once', () => {
  const { frames, read } = reader();
  const long = frame(FIN | TEXT, Buffer.alloc(3_000, 'a'));
  expect(frames.read(Buffer.concat(Array<Buffer>(5).fill(long)))).toBe(true);
  expect(read).toHaveLength(2);
  expect(frames.goOn()).toBe(true);
  expect(read).toHaveLength(4);
  expect(frames.goOn()).toBe(false);
  expect(read).toHaveLength(5);
});

test('a listener that wants no more at a message is given the next one when it goes on', () => {
  const read: string[] = [];
  const frames: FrameReader = new FrameReader(
    {
      message(message) {
        read.push(message);
        frames.pause();
      },
      other: () => undefined,
      pong: () => undefined,
    },
    LARGEST,
  );
  const two = Buffer.concat([frame(TEXT | FIN, Buffer.from('one')), frame(TEXT | FIN, Buffer.from('two'))]);
  expect([frames.read(two), [...read]]).toEqual([true, ['one']]);
  expect([frames.goOn(), read]).toEqual([false, ['one', 'two']]);
});

test('what is held is read when it goes on, in the pieces in which it would be read at once', () => {
  const { frames, read } = reader();
  const many = Buffer.concat(Array<Buffer>(6).fill(frame(TEXT | FIN, Buffer.from('hi'))));
  const half = many.length - 3;
  expect([frames.hold(many.subarray(0, half)), read.length]).toEqual([true, 0]);
  expect([frames.goOn(), read.length]).toEqual([true, 4]);
  expect([frames.hold(many.subarray(half)), read.length]).toEqual([true, 4]);
  expect([frames.goOn(), read.length]).toEqual([false, 6]);
});

test('of what comes after nobody listens any more, only the close frame is handed over, and all of it is gone at once', () => {
  const { frames, read, passed, pongs } = reader();
  const hi = Buffer.from('hi');
  const many = [frame(TEXT, hi), frame(PING | FIN, hi), frame(CONTINUATION | FIN, hi), frame(PONG | FIN, hi)];
  frames.hold(Buffer.concat(Array<Buffer[]>(50).fill(many).flat()));
  frames.skim();
  expect([frames.goOn(), frames.held]).toEqual([false, 0]);
  const close = frame(CLOSE | FIN, Buffer.from([3, 232]));
  expect(frames.read(Buffer.concat([...many, frame(TEXT | FIN, Buffer.alloc(20_000)), close]))).toBe(false);
  expect([read, passed, pongs()]).toEqual([[], [close], []]);
});

test('what is held after an illegal frame is passed on, and after the end dropped', () => {
  const { frames, passed } = reader();
  const wrong = frame(3 | FIN, Buffer.from('hi'));
  frames.hold(wrong);
  frames.goOn();
  frames.hold(wrong);
  expect(frames.goOn()).toBe(false);
  expect(Buffer.concat(passed).equals(Buffer.concat([wrong, wrong]))).toBe(true);
  frames.end();
  expect([frames.hold(wrong), frames.goOn()]).toEqual([false, false]);
});
