// A trace by OpenTelemetry's exporter for Zipkin: every kind of span, attributes of every type, events, an error and a success.
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

export async function sendWithOpenTelemetry(url) {
  const exporter = new ZipkinExporter({ url });
  let failure = null;
  const witnessed = {
    export: (spans, done) => exporter.export(spans, result => {
      if (result.code !== 0) failure = result.error ?? new Error('the exporter reported a failure without a reason');
      done(result);
    }),
    shutdown: () => exporter.shutdown(),
  };
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'JS-Zipkin', 'service.instance.id': 'node-1', 'host.cpu.count': 2 }),
    spanProcessors: [new BatchSpanProcessor(witnessed)],
  });
  const tracer = provider.getTracer('clew.tests.js', '1.2.3');
  const epochSeconds = Math.floor(Date.now() / 1000) - 60;
  const at = nanos => [epochSeconds + Math.floor(nanos / 1e9), nanos % 1e9];

  const root = tracer.startSpan('GET /каталог', { kind: SpanKind.SERVER, startTime: at(1_000), attributes: { 'http.request.method': 'GET' } }, ROOT_CONTEXT);
  const inRoot = trace.setSpan(ROOT_CONTEXT, root);
  for (const [index, kind] of [SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER].entries())
    tracer.startSpan(`kind ${SpanKind[kind]}`, { kind, startTime: at(2_000_000 + index) }, inRoot).end(at(2_500_000 + index));
  tracer.startSpan('attributes', {
    startTime: at(3_000_000),
    attributes: { text: 'ü "quoted"', empty: '', flag: true, int: -7, double: 0.1, list: ['a', 'b'], 'peer.service': 'stock' },
  }, inRoot).end(at(3_500_000));
  const failed = tracer.startSpan('failed', { startTime: at(4_000_000) }, inRoot);
  failed.addEvent('first', at(4_100_001));
  failed.addEvent('second', { 'retry.count': 3 }, at(4_200_002));
  failed.setStatus({ code: SpanStatusCode.ERROR, message: 'the peer answered ✗' });
  failed.end(at(4_500_000));
  const silent = tracer.startSpan('failed without a word', { startTime: at(5_000_000) }, inRoot);
  silent.setStatus({ code: SpanStatusCode.ERROR });
  silent.end(at(5_500_000));
  const succeeded = tracer.startSpan('succeeded', { startTime: at(6_000_000) }, inRoot);
  succeeded.setStatus({ code: SpanStatusCode.OK });
  succeeded.end(at(6_500_000));
  root.end(at(7_000_000));
  await provider.forceFlush();
  await provider.shutdown();
  if (failure) throw failure;
}
