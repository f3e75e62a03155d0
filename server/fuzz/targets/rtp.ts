import assert from 'node:assert/strict';
import { isOpusPacket, isSilent, opusDuration } from '../../src/media/codec/opus-packet.ts';
import { senderReportTime, writeReport } from '../../src/media/rtp/rtcp.ts';
import { audioLevel } from '../../src/media/rtp/rtp-extension.ts';
import { isRtcp, readRtp, writeRtp } from '../../src/media/rtp/rtp.ts';
import { TelephoneEventReceiver } from '../../src/media/rtp/telephone-event.ts';
import type { Target } from '../target.ts';

const PACKET = { marker: true, payloadType: 111, sequence: 7, timestamp: 960, ssrc: 1 };

export const target: Target = {
  seeds: [
    writeRtp({ ...PACKET, payload: Buffer.of(0xf8, 0xff, 0xfe) }),
    writeRtp({
      ...PACKET,
      payload: Buffer.of(0xfb, 0xc2, 1, 3, 0, 0, 0, 0, 0, 9),
      extension: { profile: 0xbede, octets: Buffer.of(0x10, 0x85, 0, 0) },
    }),
    writeRtp({
      ...PACKET,
      payloadType: 110,
      payload: Buffer.of(11, 0x8a, 3, 0xc0),
      extension: { profile: 0x1000, octets: Buffer.of(1, 1, 0x7f, 0) },
    }),
    writeReport(1, 1_000, { timestamp: 960, packets: 1, octets: 3 }),
  ],
  dictionary: [
    '\xbe\xde\x00\x01',
    '\x10\x00\x00\x01',
    '\xb0',
    '\x80\xc8\x00\x06',
    '\xf0',
    '\x00\xff',
    '\xff\xff',
  ],
  parse(input) {
    isRtcp(input);
    const opus = [isOpusPacket(input), isSilent(input), opusDuration(input)];
    assert.ok(!isOpusPacket(input) || opusDuration(input) <= 120, 'a packet that is longer than any may be');
    const packet = readRtp(input);
    if (packet === undefined) return [opus, senderReportTime(input)];
    assert.deepEqual(readRtp(writeRtp(packet)), packet, 'what is written is read otherwise');
    const levels =
      packet.extension && [1, 14, 15, 255].map((id) => packet.extension && audioLevel(packet.extension, id));
    const keys = new TelephoneEventReceiver();
    return [opus, packet, levels, keys.receive(packet), keys.receive(packet), senderReportTime(input)];
  },
};
