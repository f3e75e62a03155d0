import type { CallRecord } from '@perch/shared';
import { pino, type DestinationStream, type Logger } from 'pino';
import type { EdgeJournal } from '../edge/ports.ts';
import { FailureOfCall } from '../exchange/failure-of-call.ts';
import type { ExchangeJournal } from '../exchange/ports.ts';
import type { VirtualizationRecord } from '../exchange/virtualization/record.ts';
import type { VoicemailJournal } from '../exchange/voicemail/ports.ts';
import type { HttpJournal } from '../http/ports.ts';
import type { MailJournal } from '../mail/ports.ts';
import type { RefusedOrigin } from '../network/origins.ts';
import type { PushJournal } from '../push/ports.ts';
import type { WebhookJournal } from '../webhooks/ports.ts';
import type { RecordingsJournal } from '../recordings/ports.ts';
import type { ReadinessJournal } from '../readiness.ts';
import { logDestination } from './log-destination.ts';
import { Metrics } from './metrics.ts';

/** One function a business event: each writes its line and counts its metric, so that the two never disagree. */
export interface Journal {
  readonly edge: EdgeJournal;
  readonly exchange: ExchangeJournal & {
    /** A virtualization was begun, ended or attempted. */
    readonly virtualization: (record: VirtualizationRecord) => void;
    /** A call has ended or failed. */
    readonly call: (record: CallRecord) => void;
  };
  readonly http: HttpJournal;
  readonly voicemail: VoicemailJournal;
  readonly recordings: RecordingsJournal;
  readonly mail: MailJournal;
  readonly push: PushJournal;
  readonly webhooks: WebhookJournal;
  readonly network: { readonly originRefused: RefusedOrigin };
  readonly storage: ReadinessJournal & {
    failed(file: string, error: unknown): void;
    /** Something that the operator may want to change. */
    noticed(sentence: string): void;
  };
  readonly media: { failed(error: unknown): void };
  /** Somebody could not sign in at the provider, or it could not be asked. */
  readonly openId: { readonly failed: (error: unknown) => void };
  readonly process: { readonly failed: (error: unknown) => void };
  readonly metrics: Metrics;
}

/** Where each call goes as a trace (`traces/`). */
export interface CallTraces {
  call(record: CallRecord): void;
  /** Sends what has not been sent yet, provided that this does not take long. */
  close(): Promise<void>;
}

/** Logs go to standard error, as JSON: standard output belongs to the program that started the server. `traces`: where they are wanted. */
export function createJournal(
  level: string,
  traces?: CallTraces,
  destination: DestinationStream = logDestination(2),
): Journal {
  const log = pino({ level, base: null }, destination);
  const metrics = new Metrics();
  const room = (name: string) => log.child({ room: name });
  const failed = (name: string) => {
    const said = room(name);
    return (error: unknown, about: object = {}) => {
      const ofCall = error instanceof FailureOfCall && { err: error.cause, call: error.call };
      said.error({ err: error, ...ofCall, ...about }, 'internal error');
      metrics.failures.inc({ room: name });
    };
  };
  return {
    edge: edgeJournal(room('edge'), metrics),
    exchange: { failed: failed('exchange'), ...exchangeJournal(room('exchange'), metrics, traces) },
    http: httpJournal(room('http'), metrics),
    voicemail: {
      failed: (error, call) => failed('voicemail')(error, { call }),
      ...voicemailJournal(room('voicemail'), metrics),
    },
    recordings: {
      failed: failed('recordings'),
      setAside: (file) => {
        failed('recordings')(new Error('a recording cannot be understood and was set aside'), { file });
      },
    },
    webhooks: { broken: failed('webhooks'), ...webhookJournal(room('webhooks'), metrics) },
    mail: { failed: failed('mail'), ...mailJournal(room('mail'), metrics) },
    push: { failed: failed('push'), ...pushJournal(room('push'), metrics) },
    network: {
      originRefused: (origin, believed, sentence) => {
        room('network').warn({ origin, believed }, sentence);
      },
    },
    storage: {
      noticed: (sentence) => {
        room('storage').warn(sentence);
      },
      unready: (reason) => {
        room('storage').error({ reason }, 'not ready');
      },
      readyAgain: () => {
        room('storage').info('ready again');
      },
      failed: (file, error) => {
        failed('storage')(error, { file });
      },
    },
    media: { failed: failed('media') },
    openId: {
      failed: (error) => {
        room('openid').warn({ err: error }, 'no sign-in through the provider');
      },
    },
    process: { failed: failed('process') },
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
      log.error({ flow: id, err: error }, 'internal error');
      metrics.failures.inc({ room: 'edge' });
    },
  };
}

function exchangeJournal(
  log: Logger,
  metrics: Metrics,
  traces: CallTraces | undefined,
): Pick<Journal['exchange'], 'virtualization' | 'call'> {
  return {
    virtualization: ({ action, result, way, who, terminal, asked, extension, endings }) => {
      log.info(
        { action, result, way, who, terminal, asked, extension, ended: endings.length },
        'virtualization',
      );
      metrics.virtualizations.inc({ action, result });
    },
    call: (record) => {
      const { id, caller, dialled, callee, result: outcome } = record;
      // Asked first: most servers do not log this, and it is a hot path.
      if (log.isLevelEnabled('debug')) {
        const ends = { callerExtension: caller.extension, calleeExtension: callee?.extension ?? null };
        log.debug({ call: id, ...ends, dialled, outcome }, 'call over');
      }
      metrics.calls.inc({ outcome });
      // Afterwards: whatever goes wrong there is no matter of the call.
      if (traces) queueMicrotask(() => traces.call(record));
    },
  };
}

function voicemailJournal(log: Logger, metrics: Metrics): Omit<VoicemailJournal, 'failed'> {
  return {
    deposited: (extension, outcome, call) => {
      log[outcome === 'disk-full' || outcome === 'failed' ? 'error' : 'info'](
        { call, extension, outcome },
        'voicemail',
      );
      metrics.voicemailMessages.inc({ outcome });
    },
    visited: (extension, outcome, call) => {
      log[outcome === 'wrong-pin' ? 'warn' : 'debug']({ call, extension, outcome }, 'mailbox visited');
      metrics.voicemailVisits.inc({ outcome });
    },
    removed: (count, why) => {
      log.debug({ count, why }, 'messages removed');
      metrics.voicemailRemoved.inc({ why }, count);
    },
  };
}

function mailJournal(log: Logger, metrics: Metrics): Omit<MailJournal, 'failed'> {
  return {
    sent: ({ message, attempts }) => {
      log.info({ message, attempts }, 'message mailed');
      metrics.voicemailMails.inc({ result: 'sent' });
    },
    postponed: ({ message, attempts }, error, until) => {
      log.warn({ message, attempts, until: new Date(until), err: error }, 'mail postponed');
      metrics.voicemailMails.inc({ result: 'postponed' });
    },
    refused: ({ message, attempts }, error) => {
      log.error({ message, attempts, err: error }, 'mail refused');
      metrics.voicemailMails.inc({ result: 'refused' });
    },
    expired: (count) => {
      log.error({ count }, 'mail given up');
      metrics.voicemailMails.inc({ result: 'expired' }, count);
    },
  };
}

/** Nothing that tells whose browser it is: its address is known to it and its push service alone. */
function pushJournal(log: Logger, metrics: Metrics): Omit<PushJournal, 'failed'> {
  return {
    sent: (outcome, host, error) => {
      const isTrouble = outcome === 'refused' || outcome === 'unreachable' || outcome === 'held-back';
      log[isTrouble ? 'warn' : 'debug'](
        { outcome, host, ...(error !== undefined && { err: error }) },
        'push message',
      );
      metrics.pushMessages.inc({ outcome });
    },
  };
}

/** Neither addresses nor bodies of messages: both may have secrets. */
function webhookJournal(log: Logger, metrics: Metrics): Omit<WebhookJournal, 'broken'> {
  return {
    delivered: (webhook) => {
      log.debug({ webhook }, 'webhook message delivered');
      metrics.webhookMessages.inc({ result: 'delivered' });
    },
    failed: (webhook, status) => {
      log.info({ webhook, status }, 'webhook message not delivered');
      metrics.webhookMessages.inc({ result: 'failed' });
    },
    turnedOff: (webhook, why) => {
      log.warn({ webhook, why }, 'webhook turned off');
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
    passwordChosen: (email, address) => {
      log.info({ email, address }, 'password chosen');
    },
    enrolled: (number, address) => {
      log.info({ number, address }, 'browser enrolled');
      metrics.enrolments.inc();
    },
    stationPinTried: (number, address, why) => {
      if (why === undefined) log.info({ number, address }, 'station unlocked');
      else log.warn({ number, address, why }, 'station PIN refused');
      metrics.stationPins.inc({ result: why ?? 'accepted' });
    },
    certificate: {
      taken: (file, expiresAt) => {
        log.info({ file, expiresAt: new Date(expiresAt) }, 'new certificate taken');
      },
      refused: (sentence) => {
        log.error(sentence);
      },
    },
    failed: (request, error) => {
      log.error({ request, err: error }, 'internal error');
      metrics.failures.inc({ room: 'http' });
    },
  };
}
