// Asks tempopb.StreamingQuerier over gRPC and prints, as JSON, every message of the answer and the status it ended with.
//
//   node query.mjs --endpoint HOST:PORT --method Search [--request JSON] [--compress]
//
// The messages are read by @grpc/grpc-js with what @grpc/proto-loader makes of the published definitions, so nothing here knows the server's own codec.
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';

const { values: args } = parseArgs({
  options: {
    endpoint: { type: 'string' },
    method: { type: 'string' },
    request: { type: 'string', default: '{}' },
    compress: { type: 'boolean', default: false },
  },
});
if (!args.endpoint || !args.method) {
  console.error('usage: node query.mjs --endpoint HOST:PORT --method NAME [--request JSON] [--compress]');
  process.exit(2);
}

const folder = path => fileURLToPath(new URL(`../../${path}/protos`, import.meta.url));
const definition = loader.loadSync('tempopb/tempo.proto', {
  includeDirs: [folder('Server.Tests'), folder('Otlp.Tests')], keepCase: true, longs: String, enums: String, bytes: String, defaults: false,
});
const { StreamingQuerier } = grpc.loadPackageDefinition(definition).tempopb;
const client = new StreamingQuerier(args.endpoint, grpc.credentials.createInsecure(), {
  ...(args.compress && { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip }),
});
const messages = [];
const call = client[args.method](JSON.parse(args.request), { deadline: Date.now() + 30_000 });
call.on('data', message => messages.push(message));
call.on('error', () => {});
call.on('status', ({ code, details }) => {
  console.log(JSON.stringify({ code, details, messages }));
  client.close();
});
