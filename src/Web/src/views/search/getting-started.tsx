import { CopyButton } from "../parts/copy-button";
import { Mark } from "../parts/icons";
import { Notice } from "../parts/notice";

const httpLine = "export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf";
const grpcLine = "export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 OTEL_EXPORTER_OTLP_PROTOCOL=grpc";

/** What a page shows before the first span arrived. */
export function GettingStarted() {
  return (
    <Notice testId="empty-state" icon={<Mark />} title="Waiting for the first trace">
      <p>Nothing has been received yet. Point any OpenTelemetry SDK or collector here, and its traces appear:</p>
      <ol class="getting-started">
        <li><h3>OTLP over HTTP</h3><Command line={httpLine} /></li>
        <li><h3>OTLP over gRPC</h3><Command line={grpcLine} /></li>
        <li><h3>Nothing to trace at hand?</h3><p>Four small systems that send lively traces:</p><Command line="clew demo" /></li>
      </ol>
      <p class="quiet">This page looks every few seconds by itself.</p>
    </Notice>
  );
}

function Command({ line }: { readonly line: string }) {
  return (
    <div class="command">
      <code>{line}</code>
      <CopyButton text={line} what="this line" />
    </div>
  );
}
