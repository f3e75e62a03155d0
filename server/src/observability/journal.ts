import { pino, type Logger } from 'pino';
import type { EdgeJournal } from '../edge/ports.ts';
import type { ExchangeJournal } from '../exchange/exchange.ts';
import type { CallRecord } from '../exchange/ports.ts';
import type { VirtualizationRecord } from '../exchange/virtualization/record.ts';
import type { HttpJournal } from '../http/ports.ts';
import { Metrics } from './metrics.ts';

/** One function a business event: each writes its line and counts its metric, so that the two never disagree. */
export interface Journal {
  readonly edge: EdgeJournal;
  readonly exchange: ExchangeJournal & {
    /** A virtualization was begun, ended or attempted. */
    virtualization(record: VirtualizationRecord): void;
    /** A call has ended, or come to nothing. */
    call(record: CallRecord): void;
  };
  readonly http: HttpJournal;
  readonly storage: { failed(file: string, error: unknown): void };
  readonly media: { failed(error: unknown): void };
  readonly process: { failed(error: unknown): void };
  readonly metrics: Metrics;
}

/** Logs go to standard error, as JSON: standard output belongs to whoever started the server. */
export function createJournal(level: string): Journal {
  const log = pino({ level, base: null }, pino.destination({ dest: 2, sync: false }));
  const metrics = new Metrics();
  const failed =
    (room: Logger, name: string) =>
    (error: unknown, about: object = {}) => {
      room.error({ err: error, ...about }, 'a mistake of the server');
      metrics.failures.inc({ room: name });
    };
  return {
    edge: edgeJournal(log.child({ room: 'edge' }), metrics),
    exchange: {
      failed: failed(log.child({ room: 'exchange' }), 'exchange'),
      ...exchangeJournal(log.child({ room: 'exchange' }), metrics),
    },
    http: httpJournal(log.child({ room: 'http' }), metrics),
    storage: {
      failed: (file, error) => {
        failed(log.child({ room: 'storage' }), 'storage')(error, { file });
      },
    },
    media: { failed: failed(log.child({ room: 'media' }), 'media') },
    process: { failed: failed(log.child({ room: 'process' }), 'process') },
    metrics,
  };
}

function edgeJournal(log: Logger, metrics: Metrics): EdgeJournal {
  return {
    dropped: ({ id, remoteAddress }, why) => {
      log.debug({ flow: id, remoteAddress, why }, 'frame dropped');
      metrics.framesDropped.inc({ why });
    },
    refused: ({ id, remoteAddress }, username, why) => {
      log.warn({ flow: id, remoteAddress, username, why }, 'credentials refused');
      metrics.refusals.inc({ why });
    },
    attached: ({ id, remoteAddress }, { number, domain }) => {
      log.debug({ flow: id, remoteAddress, number, domain }, 'flow attached');
      metrics.attached.inc();
    },
    closed: ({ id }, reason) => {
      log.debug({ flow: id, reason }, 'flow closed');
      metrics.closed.inc();
    },
    failed: ({ id }, error) => {
      log.error({ flow: id, err: error }, 'a mistake of the server');
      metrics.failures.inc({ room: 'edge' });
    },
  };
}

function exchangeJournal(
  log: Logger,
  metrics: Metrics,
): Pick<Journal['exchange'], 'virtualization' | 'call'> {
  return {
    virtualization: ({ action, result, way, who, terminal, asked, extension, endings }) => {
      log.info(
        { action, result, way, who, terminal, asked, extension, ended: endings.length },
        'virtualization',
      );
      metrics.virtualizations.inc({ action, result });
    },
    call: ({ id, callerExtension, dialled, calleeExtension, outcome }) => {
      log.debug({ call: id, callerExtension, dialled, calleeExtension, outcome }, 'call over');
      metrics.calls.inc({ outcome });
    },
  };
}

function httpJournal(log: Logger, metrics: Metrics): HttpJournal {
  return {
    organizationCreated: (domain, address) => {
      log.info({ domain, address }, 'organization created');
    },
    signedIn: (email, address) => {
      log.info({ email, address }, 'signed in');
      metrics.signIns.inc({ result: 'accepted' });
    },
    signInRefused: (email, address) => {
      log.warn({ email, address }, 'sign-in refused');
      metrics.signIns.inc({ result: 'refused' });
    },
    enrolled: (number, address) => {
      log.info({ number, address }, 'browser enrolled');
      metrics.enrolments.inc();
    },
    failed: (request, error) => {
      log.error({ request, err: error }, 'a mistake of the server');
      metrics.failures.inc({ room: 'http' });
    },
  };
}
