import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { CallPage } from '@perch/shared';
import { expect, test } from 'vitest';
import { Administrator } from './support/administrator.ts';
import { answer, Call } from './support/call.ts';
import { DemoServer } from './support/demo-server.ts';
import { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';
import { leaveMessage } from './support/spoken-message.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Span['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** A collector, and what has come to it. */
async function collector() {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url === '/v1/traces') sent.push(JSON.parse(body) as Sent);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { sent, url: `http://127.0.0.1:${String(port)}`, close: () => server.close() };
}

test('calls go to a collector as traces that have their ids', async () => {
  const { sent, url, close } = await collector();
  const perch = await DemoServer.start({
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  });
  const begun = Date.now();
  const phone = (number: string) => SipClient.registered(perch.organization, perch.line(number));
  const [ada, ben] = [await phone('101'), await phone('102')];
  const call = new Call(ada, '102');
  const answering = answer(ben);
  const answered = await call.response(200);
  const [dialog] = await Promise.all([call.answered(answered), answering]);
  await dialog.request('BYE');
  ben.respond(await ben.request('BYE'), '200 OK');
  await leaveMessage(ada, '103', 440);
  const administrator = await Administrator.signIn(perch.organization);
  const visited = async () =>
    ((await administrator.ask('GET /api/records?size=10')) as CallPage).records.filter(
      ({ mailbox }) => mailbox,
    );
  await expect.poll(visited).toHaveLength(1);
  for (const client of [ada, ben]) client.close();
  await perch.stop();
  close();

  const [resource] = sent.flatMap(({ resourceSpans }) => resourceSpans.map((each) => each.resource));
  expect(resource?.attributes).toEqual(
    expect.arrayContaining([
      { key: 'service.name', value: { stringValue: 'perch' } },
      { key: 'deployment.environment.name', value: { stringValue: 'test' } },
    ]),
  );
  const spans = sent.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((each) => each.spans)),
  );
  const calls = spans.filter(({ name }) => name === 'call');
  const partsOf = (call: Span | undefined) =>
    spans.filter(({ parentSpanId }) => parentSpanId === call?.spanId).map(({ name }) => name);
  const id = sip.field(answered, 'Perch-Call-ID');
  const talk = calls.find(({ traceId }) => traceId === id.replaceAll('-', ''));
  expect(partsOf(talk).toSorted()).toEqual(['leg', 'leg', 'ring', 'route']);
  expect(calls.flatMap(partsOf)).toContain('mailbox');
  const startedAt = Number(BigInt(talk?.startTimeUnixNano ?? '0') / 1_000_000n);
  expect(startedAt).toBeGreaterThanOrEqual(begun);
  expect(startedAt).toBeLessThanOrEqual(Date.now());
});
