import {
  type HrTime,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Clock } from '../../world/clock.ts';
import type { CallTraces } from '../journal.ts';
import { type CallTrace, callTrace } from './call-spans.ts';
import { callSpanIdOf, traceIdOf } from './trace-ids.ts';

/** Spans that wait for the collector; more than that are dropped. */
const MOST_WAITING = 8_192;
/** How long the last ones are given when the server stops (milliseconds). */
const CLOSING_MS = 2_000;

/**
 * Sends each call that has ended as a trace over OTLP/HTTP, to where the variables of OpenTelemetry say (`OTEL_EXPORTER_OTLP_ENDPOINT` and its neighbours,
 * which the exporter reads itself). A collector that is not there costs its traces and nothing else.
 */
export function openCallTraces(clock: Clock): CallTraces {
  const ids = new CallIds();
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'perch' }))
    .merge(detectResources({ detectors: [envDetector] }));
  const provider = new TracerProvider({
    resource,
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), maxQueueSize: MOST_WAITING }),
    ],
  });
  const tracer = provider.getTracer('perch');
  return {
    call: (record) => {
      ids.next(record.id);
      write(tracer, callTrace(record));
    },
    close: () =>
      Promise.race([
        provider.shutdown().catch(() => undefined),
        new Promise<void>((resolve) => void clock.after(CLOSING_MS, resolve)),
      ]),
  };
}

function write(tracer: Tracer, { call, parts, linked, failure }: CallTrace): void {
  const links = linked.map((other) => ({
    context: { traceId: traceIdOf(other), spanId: callSpanIdOf(other), traceFlags: TraceFlags.SAMPLED },
  }));
  const whole = tracer.startSpan(
    call.name,
    { startTime: timeOf(call.from), attributes: call.attributes, links, root: true },
    ROOT_CONTEXT,
  );
  const inside = trace.setSpan(ROOT_CONTEXT, whole);
  for (const { name, from, until, attributes, events } of parts) {
    const span = tracer.startSpan(name, { startTime: timeOf(from), attributes }, inside);
    for (const event of events) span.addEvent(event.name, timeOf(event.at));
    span.end(timeOf(until));
  }
  for (const event of call.events) whole.addEvent(event.name, timeOf(event.at));
  if (failure !== undefined) whole.setStatus({ code: SpanStatusCode.ERROR, message: failure });
  whole.end(timeOf(call.until));
}

/** Seconds and nanoseconds: a plain number would be taken as a time within this process where it is from before its start, as of a call that outlived it. */
const timeOf = (at: number): HrTime => [Math.floor(at / 1000), (at % 1000) * 1_000_000];

/** The ids of the span that is the whole call follow from the call's; those of its parts are random. */
class CallIds implements IdGenerator {
  readonly #others = new RandomIdGenerator();
  #trace: string | undefined;
  #span: string | undefined;

  /** The next span is that of the whole call. */
  next(call: string): void {
    this.#trace = traceIdOf(call);
    this.#span = callSpanIdOf(call);
  }

  generateTraceId = (): string => this.#trace ?? this.#others.generateTraceId();

  generateSpanId = (): string => {
    const span = this.#span ?? this.#others.generateSpanId();
    this.#span = undefined;
    return span;
  };
}
