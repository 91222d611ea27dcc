// Sends one trace through an OpenTelemetry JavaScript exporter and prints, as JSON, the spans that the exporter was given.
//
//   node send.mjs --protocol grpc|proto|json --endpoint URL [--compression none|gzip]
//
// URL is the base of the receiver (http://127.0.0.1:4317, http://127.0.0.1:4318). The exit code is 0 only when the receiver accepted the trace.
// The printed form has the field names of OTLP/JSON, but is written here by hand from the SDK's spans and never passes through the exporter's own
// transformer: whoever compares it with what came back compares two independent accounts.
import { parseArgs } from 'node:util';
import { DiagConsoleLogger, DiagLogLevel, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, createTraceState, diag, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const { values: args } = parseArgs({
  options: { protocol: { type: 'string' }, endpoint: { type: 'string' }, compression: { type: 'string', default: 'none' } },
});

const exporters = {
  grpc: (url, compression) => new GrpcExporter({ url, compression }),
  proto: (url, compression) => new ProtobufExporter({ url: new URL('/v1/traces', url).href, compression }),
  json: (url, compression) => new JsonExporter({ url: new URL('/v1/traces', url).href, compression }),
};
const compressions = { none: CompressionAlgorithm.NONE, gzip: CompressionAlgorithm.GZIP };
if (!(args.protocol in exporters) || !(args.compression in compressions) || !args.endpoint) {
  console.error('usage: node send.mjs --protocol grpc|proto|json --endpoint URL [--compression none|gzip]');
  process.exit(2);
}

diag.setLogger(new DiagConsoleLogger(), DiagLogLevel.WARN);

/** Passes spans on, remembers them, and remembers whether the receiver took them. */
class WitnessedExporter {
  spans = [];
  failure = null;

  constructor(inner) {
    this.inner = inner;
  }

  export(spans, done) {
    this.spans.push(...spans);
    this.inner.export(spans, result => {
      if (result.code !== 0) this.failure = result.error ?? new Error('the exporter reported a failure without a reason');
      done(result);
    });
  }

  shutdown() {
    return this.inner.shutdown();
  }
}

/** The API refuses bytes, maps and mixed arrays as attribute values; the wire and the transformer know them, so they are added behind its back. */
const anyValueProcessor = {
  onStart() {},
  onEnding(span) {
    if (span.name !== 'every attribute type') return;
    span.attributes['value.bytes'] = new Uint8Array([0, 1, 127, 128, 255]);
    span.attributes['value.bytes.empty'] = new Uint8Array(0);
    span.attributes['value.map'] = { text: 'ü', number: -7, nested: { list: [1, 'two', false, [2.5]] }, nothing: {} };
    span.attributes['value.mixed'] = ['a', 1, 1.5, true, null, new Uint8Array([9])];
    span.attributes['value.absent'] = null;
  },
  onEnd() {},
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

// JSON has no form for these that JSON.stringify would write, so only the protobuf encodings can carry them.
const beyondJson = args.protocol === 'json' ? {} : { 'double.nan': NaN, 'double.infinite': Infinity, 'double.list.odd': [-Infinity, 0.5, NaN] };

const witness = new WitnessedExporter(exporters[args.protocol](args.endpoint, compressions[args.compression]));
const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({
    'service.name': `js-${args.protocol}-${args.compression}`,
    'service.instance.id': 'node-1',
    'host.cpu.count': 2,
    'host.load': 0.25,
    'host.tags': ['a', 'b'],
  }, { schemaUrl: 'https://opentelemetry.io/schemas/1.37.0' }),
  spanProcessors: [anyValueProcessor, new BatchSpanProcessor(witness)],
});
const tracer = provider.getTracer('clew.tests.js', '1.2.3', { schemaUrl: 'https://example.test/scope/1' });
const bareTracer = provider.getTracer('clew.tests.js.bare');

// Times are fixed to the nanosecond, a minute ago, so that what comes back can be compared to the last digit.
const epochSeconds = Math.floor(Date.now() / 1000) - 60;
const at = nanos => [epochSeconds + Math.floor(nanos / 1e9), nanos % 1e9];

const caller = {
  traceId: Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex'),
  spanId: '00f067aa0ba902b7',
  traceFlags: TraceFlags.SAMPLED,
  traceState: createTraceState('rojo=00f067aa0ba902b7,butterfly=t61rcWkgMzE'),
  isRemote: true,
};

const remote = trace.setSpanContext(ROOT_CONTEXT, caller);
const root = tracer.startSpan('GET /каталог?q=🧶', { kind: SpanKind.SERVER, startTime: at(1), attributes: { 'http.request.method': 'GET' } }, remote);
const inRoot = trace.setSpan(ROOT_CONTEXT, root);

tracer.startSpan('every attribute type', {
  startTime: at(1_000_001),
  attributes: {
    'string': 'text', 'string.empty': '', 'string.unicode': 'naïve 🧵 \u0001\t"\\', 'string.long': 'x'.repeat(20_000),
    'bool.true': true, 'bool.false': false,
    'int': 42, 'int.zero': 0, 'int.negative': -1, 'int.max': Number.MAX_SAFE_INTEGER, 'int.min': Number.MIN_SAFE_INTEGER,
    'double': 0.1, 'double.tiny': 5e-324, 'double.negative': -2.5e-10, ...beyondJson,
    'list.string': ['a', '', 'ü'], 'list.bool': [true, false], 'list.int': [1, -2, 3], 'list.double': [0.5, 1.25], 'list.empty': [],
    'list.with.null': ['a', null, 'b'],
  },
}, inRoot).end(at(2_000_003));

for (const [index, kind] of [SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER].entries())
  bareTracer.startSpan(`kind ${SpanKind[kind]}`, { kind, startTime: at(3_000_000 + index) }, inRoot).end(at(3_500_000 + index));

const failed = tracer.startSpan('with events and an error', { startTime: at(4_000_000) }, inRoot);
failed.addEvent('first', at(4_100_001));
failed.addEvent('second', { 'retry.count': 3, 'retry.delays': [0.5, 1.5], 'retry.last': true, 'peer': 'node-7' }, at(4_200_002));
failed.recordException(new RangeError('index 9 is out of range'), at(4_300_003));
failed.setStatus({ code: SpanStatusCode.ERROR, message: 'the peer answered ✗' });
failed.end(at(5_000_000));

const linked = tracer.startSpan('with links', {
  startTime: at(5_000_001),
  links: [
    { context: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED, isRemote: true,
      traceState: createTraceState('congo=t61rcWkgMzE') }, attributes: { 'link.kind': 'follows', 'link.weight': 0.75, 'link.index': 2 } },
    { context: { traceId: caller.traceId, spanId: root.spanContext().spanId, traceFlags: TraceFlags.NONE } },
  ],
}, inRoot);
linked.setStatus({ code: SpanStatusCode.OK });
linked.end(at(5_500_000));

tracer.startSpan('instant', { startTime: at(6_000_000) }, inRoot).end(at(6_000_000));
root.end(at(7_000_000));

try {
  await provider.forceFlush();
  await provider.shutdown();
} catch (failure) {
  witness.failure ??= failure;
}
if (witness.failure) {
  console.error(`the exporter failed: ${witness.failure.message || witness.failure}`);
  process.exit(1);
}

console.log(JSON.stringify({ traceId: caller.traceId, spans: witness.spans.map(describeSpan) }));

function describeSpan(span) {
  const context = span.spanContext();
  const scope = span.instrumentationScope;
  return {
    resource: { attributes: describeAttributes(span.resource.attributes), schemaUrl: span.resource.schemaUrl ?? '' },
    scope: { name: scope.name, version: scope.version ?? '', schemaUrl: scope.schemaUrl ?? '' },
    span: {
      traceId: context.traceId,
      spanId: context.spanId,
      parentSpanId: span.parentSpanContext?.spanId ?? '',
      traceState: context.traceState?.serialize() ?? '',
      flags: describeFlags(context.traceFlags, span.parentSpanContext?.isRemote),
      name: span.name,
      kind: span.kind + 1, // The API counts from INTERNAL = 0, the wire from UNSPECIFIED = 0.
      startTimeUnixNano: describeTime(span.startTime),
      endTimeUnixNano: describeTime(span.endTime),
      attributes: describeAttributes(span.attributes),
      events: span.events.map(event => ({ timeUnixNano: describeTime(event.time), name: event.name, attributes: describeAttributes(event.attributes) })),
      links: span.links.map(link => ({
        traceId: link.context.traceId,
        spanId: link.context.spanId,
        traceState: link.context.traceState?.serialize() ?? '',
        flags: describeFlags(link.context.traceFlags, link.context.isRemote),
        attributes: describeAttributes(link.attributes),
      })),
      status: { code: span.status.code, message: span.status.message ?? '' },
    },
  };
}

// Bit 0x100 says that 0x200, "the parent is remote", is known.
function describeFlags(traceFlags, isRemote) {
  return traceFlags | 0x100 | (isRemote ? 0x200 : 0);
}

function describeTime([seconds, nanos]) {
  return (BigInt(seconds) * 1_000_000_000n + BigInt(nanos)).toString();
}

function describeAttributes(attributes) {
  return Object.entries(attributes ?? {}).map(([key, value]) => ({ key, value: describeValue(value) }));
}

function describeValue(value) {
  if (value === null || value === undefined) return {};
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(describeValue) } };
  switch (typeof value) {
    case 'string': return { stringValue: value };
    case 'boolean': return { boolValue: value };
    case 'number': return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: Number.isFinite(value) ? value : String(value) };
    default: return { kvlistValue: { values: describeAttributes(value) } };
  }
}
