import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { createWebRtcEngine } from '../../src/media/webrtc/webrtc-engine.ts';
import { systemWorld } from '../../src/world/world.ts';

/**
 * A conference without signalling: anyone who posts an offer takes part and is given the answer. What a process of this spends is what the
 * sound of a conference costs: DTLS, SRTP, decoding, mixing, encoding.
 */
const engine = await createWebRtcEngine({
  ...systemWorld,
  port: 0,
  addresses: ['127.0.0.1'],
  voices: new Map(),
  onFailure(error) {
    throw error;
  },
});
const bridge = engine.bridge();
createServer((request, response) => {
  const join = async (): Promise<string> => {
    const endpoint = engine.endpoint();
    const answer = await endpoint.answer(await text(request));
    bridge.join(endpoint);
    return answer;
  };
  join().then(
    (answer) => response.end(answer),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
}).listen(Number(process.env['PORT']), '127.0.0.1');
