// Asks jaeger.api_v3.QueryService over gRPC and prints, as JSON, every message of the answer and the status it ended with.
//
//   node query.mjs --endpoint HOST:PORT --method FindTraces [--request JSON] [--cancel-after COUNT] [--compress]
//
// The request is written as proto3 JSON is: camel case names, times as {"seconds":…,"nanos":…}. A cancelled call ends with status 1. The messages are read by
// @grpc/grpc-js with what @grpc/proto-loader makes of the published definitions, so nothing here knows the server's own codec.
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';

const { values: args } = parseArgs({
  options: {
    endpoint: { type: 'string' },
    method: { type: 'string' },
    request: { type: 'string', default: '{}' },
    'cancel-after': { type: 'string', default: '0' },
    compress: { type: 'boolean', default: false },
  },
});
if (!args.endpoint || !args.method) {
  console.error('usage: node query.mjs --endpoint HOST:PORT --method NAME [--request JSON] [--cancel-after COUNT] [--compress]');
  process.exit(2);
}

const folder = path => fileURLToPath(new URL(`../../${path}/protos`, import.meta.url));
const definition = loader.loadSync('jaeger/api_v3/query_service.proto', {
  includeDirs: [folder('Server.Tests'), folder('Otlp.Tests')], longs: String, enums: Number, bytes: String, defaults: false, oneofs: false,
});
const { QueryService } = grpc.loadPackageDefinition(definition).jaeger.api_v3;
const client = new QueryService(args.endpoint, grpc.credentials.createInsecure(), {
  ...(args.compress && { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip }),
});
const request = JSON.parse(args.request);
const deadline = { deadline: Date.now() + 30_000 };
const messages = [];
const cancelAfter = Number(args['cancel-after']);

function finish({ code, details }) {
  console.log(JSON.stringify({ code, details, messages }));
  client.close();
}

if (QueryService.service[args.method].responseStream) {
  const call = client[args.method](request, deadline);
  call.on('data', message => {
    messages.push(message);
    if (messages.length === cancelAfter) call.cancel();
  });
  call.on('error', () => {});
  call.on('status', finish);
} else {
  client[args.method](request, deadline, (error, message) => {
    if (message) messages.push(message);
    finish(error ?? { code: 0, details: '' });
  });
}
