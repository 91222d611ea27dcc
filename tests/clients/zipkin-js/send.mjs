// Sends one trace through a JavaScript client of Zipkin and prints, as JSON, the spans that went over the wire.
//
//   node send.mjs --client zipkin|opentelemetry --endpoint URL
//
// URL is the base of the receiver (http://127.0.0.1:9411). The client talks to a relay in this process, which notes what it says and passes it on unchanged: what is
// printed is the client's own account. The exit code is 0 only when the receiver accepted everything.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { sendWithOpenTelemetry } from './opentelemetry.mjs';
import { sendWithZipkin } from './zipkin.mjs';

const { values: args } = parseArgs({ options: { client: { type: 'string' }, endpoint: { type: 'string' } } });
const clients = { zipkin: sendWithZipkin, opentelemetry: sendWithOpenTelemetry };
if (!(args.client in clients) || !args.endpoint) {
  console.error('usage: node send.mjs --client zipkin|opentelemetry --endpoint URL');
  process.exit(2);
}

const sent = [];
const refusals = [];
const relay = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { 'content-type': contentType, 'content-encoding': contentEncoding } = request.headers;
  const headers = { ...(contentType && { 'content-type': contentType }), ...(contentEncoding && { 'content-encoding': contentEncoding }) };
  const answer = await fetch(new URL(request.url, args.endpoint), { method: request.method, headers, body });
  sent.push(...JSON.parse(contentEncoding === 'gzip' ? gunzipSync(body) : body));
  if (answer.status !== 202) refusals.push(`${answer.status}: ${await answer.text()}`);
  response.writeHead(answer.status).end();
});
await new Promise(listening => relay.listen(0, '127.0.0.1', listening));

try {
  await clients[args.client](`http://127.0.0.1:${relay.address().port}/api/v2/spans`);
} catch (failure) {
  refusals.push(`the client failed: ${failure.message || failure}`);
}
relay.close();
relay.closeAllConnections();
if (refusals.length > 0) {
  console.error(refusals.join('\n'));
  process.exit(1);
}

console.log(JSON.stringify(sent));
