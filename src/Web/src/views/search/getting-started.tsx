import type { ServerStatus } from "../../api/clew-api";
import { CopyButton } from "../parts/copy-button";
import { Mark } from "../parts/icons";
import { Notice } from "../parts/notice";

interface GettingStartedProps {
  readonly otlp: ServerStatus["otlp"];
}

/** What a page shows before the first span arrived. */
export function GettingStarted({ otlp }: GettingStartedProps) {
  return (
    <Notice testId="empty-state" icon={<Mark />} title="Waiting for the first trace">
      <p>Nothing has been received yet. Point any OpenTelemetry SDK or collector here, and its traces appear:</p>
      <ol class="getting-started">
        <li><h3>OTLP over HTTP</h3><Command line={`export OTEL_EXPORTER_OTLP_ENDPOINT=${otlp.http} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`} /></li>
        <li><h3>OTLP over gRPC</h3><Command line={`export OTEL_EXPORTER_OTLP_ENDPOINT=${otlp.grpc} OTEL_EXPORTER_OTLP_PROTOCOL=grpc`} /></li>
        <li><h3>Nothing to trace at hand?</h3><p>Four small systems that send lively traces:</p><Command line={`./clew demo --to ${otlp.http}`} /></li>
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
