import { extensionId, homeTerminalOf, organizationId } from '@perch/shared';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registerer, RegistererState, UserAgent } from 'sip.js';
import { expect, test } from 'vitest';
import { responseTo } from '../sip/message/build.ts';
import { systemClock } from '../sip/transport/system-clock.ts';
import { createWebSocketTransport } from '../sip/transport/websocket.ts';
import { createEdge } from './edge.ts';

/** The edge on a real socket, with one account: 101, who is `ada` with the password `secret`. */
async function serve() {
  const methods: string[] = [];
  const edge = createEdge({
    clock: systemClock,
    accounts: {
      byToken: () => undefined,
      byDigest: (domain, username) =>
        username === 'ada'
          ? {
              organization: organizationId('acme'),
              domain,
              terminal: homeTerminalOf(extensionId('101')),
              number: '101',
              ha1Md5: hash('md5', `ada:${domain}:secret`),
              ha1Sha256: hash('sha256', `ada:${domain}:secret`),
            }
          : undefined,
    },
    switchboards: () => ({
      attach: () => undefined,
      flowClosed: () => undefined,
      receive(flow, message) {
        if (message.kind !== 'request') return;
        methods.push(message.method);
        const contact = `${message.headers.get('contact') ?? ''};expires=600`;
        flow.send(responseTo(message, { status: 200, toTag: 't', fields: [['Contact', contact]] }));
      },
    }),
    journal: {
      dropped: () => undefined,
      refused: () => undefined,
      attached: () => undefined,
      closed: () => undefined,
      failed: (_flow, error) => {
        throw error;
      },
    },
  });
  const transport = createWebSocketTransport({ listener: edge, clock: systemClock, secure: false });
  const server = createServer();
  server.on('upgrade', transport.handleUpgrade.bind(transport));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    transport.close();
    edge.close();
    server.close();
  };
  return { url: `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}/sip`, methods, stop };
}

async function register(url: string, password: string): Promise<RegistererState> {
  const uri = UserAgent.makeURI('sip:101@example.org');
  if (uri === undefined) throw new Error('no URI');
  const agent = new UserAgent({
    uri,
    transportOptions: { server: url },
    authorizationUsername: 'ada',
    authorizationPassword: password,
    logBuiltinEnabled: false,
    sessionDescriptionHandlerFactory: () => {
      throw new Error('no calls in this test');
    },
  });
  await agent.start();
  const registerer = new Registerer(agent);
  const state = new Promise<RegistererState>((resolve) => {
    registerer.stateChange.addListener(resolve);
  });
  await registerer.register();
  const reached = await state;
  await agent.transport.disconnect();
  return reached;
}

test('SIP.js registers by digest, though it is offered SHA-256 first', async () => {
  const { url, methods, stop } = await serve();
  expect(await register(url, 'secret')).toBe(RegistererState.Registered);
  expect(methods).toEqual(['REGISTER']);
  stop();
});

test('SIP.js with a wrong password is told so, once and for all', async () => {
  const { url, methods, stop } = await serve();
  expect(await register(url, 'guess')).toBe(RegistererState.Unregistered);
  expect(methods).toEqual([]);
  stop();
});
