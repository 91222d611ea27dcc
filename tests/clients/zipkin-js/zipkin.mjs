// A trace by Zipkin's own client (zipkin, zipkin-transport-http): a server that calls another, which shares the caller's span id, and local work with an error.
import zipkin from 'zipkin';
import transport from 'zipkin-transport-http';

const { Annotation, BatchRecorder, ExplicitContext, InetAddress, Tracer, TraceId, jsonEncoder, option } = zipkin;

export async function sendWithZipkin(endpoint) {
  const logger = new transport.HttpLogger({ endpoint, jsonEncoder: jsonEncoder.JSON_V2, httpInterval: 20 });
  const outcome = new Promise((accepted, failed) => {
    logger.on('success', accepted);
    logger.on('error', failed);
  });
  const recorder = new BatchRecorder({ logger });
  const tracerOf = localServiceName => new Tracer({ ctxImpl: new ExplicitContext(), recorder, localServiceName, supportsJoin: true, traceId128Bit: true });
  const shop = tracerOf('Shop');
  const stock = tracerOf('Stock');

  const root = shop.createRootId();
  let call;
  shop.letId(root, () => {
    shop.recordServiceName('Shop');
    shop.recordRpc('GET /Cart');
    shop.recordBinary('http.path', '/cart?q=🧶');
    shop.recordBinary('http.status_code', '200');
    shop.recordAnnotation(new Annotation.LocalAddr({ host: new InetAddress('10.0.0.1'), port: 8080 }));
    shop.recordAnnotation(new Annotation.ServerRecv());
    call = shop.createChildId();
    shop.letId(call, () => {
      shop.recordServiceName('Shop');
      shop.recordRpc('reserve');
      shop.recordAnnotation(new Annotation.ClientSend());
      shop.recordAnnotation(new Annotation.ServerAddr({ serviceName: 'Stock', host: new InetAddress('10.0.0.2'), port: 9000 }));
      shop.recordMessage('wire.send');
      answer(stock, new TraceId({ traceId: call.traceId, parentId: new option.Some(call.parentId), spanId: call.spanId, sampled: new option.Some(true), shared: true }));
      shop.recordAnnotation(new Annotation.ClientRecv());
    });
    shop.recordAnnotation(new Annotation.ServerSend());
  });
  logger.processQueue(logger.fetchImplementation);
  await outcome;
}

function answer(tracer, shared) {
  tracer.letId(shared, () => {
    tracer.recordServiceName('Stock');
    tracer.recordRpc('reserve');
    tracer.recordAnnotation(new Annotation.ServerRecv());
    tracer.letId(tracer.createChildId(), () => {
      tracer.recordServiceName('Stock');
      tracer.recordAnnotation(new Annotation.LocalOperationStart('Select'));
      tracer.recordBinary('error', 'sold out');
      tracer.recordAnnotation(new Annotation.LocalOperationStop());
    });
    tracer.recordAnnotation(new Annotation.ServerSend());
  });
}
