import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/**
 * How often the delay of the event loop is sampled (milliseconds). Node's default of 10 wakes an idle server a hundred times a second, and
 * a busy one between any two messages.
 */
const LOOP_DELAY_SAMPLE_MS = 100;

/** A level that is read when it is asked for. */
export interface Level {
  readonly name: string;
  readonly help: string;
  readonly read: () => number | Promise<number>;
}

/** What Prometheus reads of this process; one registry a server, so that two in one process do not collide. */
export class Metrics {
  readonly #registry = new Registry();
  readonly framesDropped = this.#counter('perch_frames_dropped_total', 'Frames that were dropped.', 'why');
  readonly refusals = this.#counter(
    'perch_credentials_refused_total',
    'SIP requests with wrong credentials.',
    'why',
  );
  readonly attached = this.#counter('perch_flows_attached_total', 'Flows that authenticated.');
  readonly closed = this.#counter('perch_flows_closed_total', 'Flows that ended.');
  readonly calls = this.#counter('perch_calls_total', 'Calls that have ended or failed.', 'outcome');
  readonly virtualizations = this.#counter(
    'perch_virtualizations_total',
    'What was done or attempted with virtualizations.',
    'action',
    'result',
  );
  readonly voicemailMessages = this.#counter(
    'perch_voicemail_messages_total',
    'Callers who reached a mailbox, by outcome.',
    'outcome',
  );
  readonly voicemailVisits = this.#counter(
    'perch_voicemail_visits_total',
    'Visits of owners to their mailbox by phone or browser.',
    'outcome',
  );
  readonly voicemailRemoved = this.#counter(
    'perch_voicemail_removed_total',
    'Messages that were deleted for good.',
    'why',
  );
  readonly webhookMessages = this.#counter(
    'perch_webhook_messages_total',
    'Attempts to deliver messages to webhooks, by result.',
    'result',
  );
  readonly voicemailMails = this.#counter(
    'perch_voicemail_mails_total',
    'Attempts to mail a message, and mails given up because of their age.',
    'result',
  );
  readonly pushMessages = this.#counter(
    'perch_push_messages_total',
    'Push messages to phones whose page is closed or asleep, by what became of them.',
    'outcome',
  );
  readonly failures = this.#counter('perch_failures_total', 'Mistakes of the server itself.', 'room');
  readonly signIns = this.#counter('perch_sign_ins_total', 'Administrators signing in.', 'result');
  readonly stationPins = this.#counter('perch_station_pins_total', 'PINs entered at stations.', 'result');
  readonly enrolments = this.#counter('perch_enrolments_total', 'Browsers that became a terminal.');

  constructor() {
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: LOOP_DELAY_SAMPLE_MS });
  }

  level({ name, help, read }: Level): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      async collect() {
        this.set(await read());
      },
    });
  }

  async text(): Promise<{ readonly contentType: string; readonly text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #counter<Label extends string>(name: string, help: string, ...labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }
}
