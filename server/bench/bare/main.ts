import '../../src/one-core.ts';
import { createServer } from 'node:http';
import { BareExchange } from './bare-exchange.ts';
import { PortionedWork } from '../../src/collections/portioned-work.ts';
import { systemClock } from '../../src/world/system-clock.ts';
import { createWebSocketTransport } from '../../src/sip/transport/websocket.ts';

/** Exchanges the same frames as Perch at `/sip` with nothing behind them: the cost of WebSocket in Node. */
const transport = createWebSocketTransport({
  listener: new BareExchange(),
  clock: systemClock,
  later: new PortionedWork(() => systemClock.monotonic(), console.error),
  arrivalOf: ({ headers }) => ({
    visitor: '127.0.0.1',
    scheme: 'http',
    origin: `http://${headers.host ?? ''}`,
  }),
});
createServer()
  .on('upgrade', (request, socket, head) => transport.handleUpgrade(request, socket, head))
  .listen({ host: '127.0.0.1', port: Number(process.env['BENCH_PORT']), backlog: 4_096 });
