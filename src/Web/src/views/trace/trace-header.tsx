import { traceUrl } from "../../api/clew-api";
import { formatAge, formatMoment } from "../../base/calendar";
import { formatDuration } from "../../base/nanos";
import { serviceOf, type Trace } from "../../model/trace";
import { useNow } from "../hooks";
import { CopyButton } from "../parts/copy-button";
import { DownloadIcon, ErrorIcon, LinkIcon, WarningIcon } from "../parts/icons";
import { ServiceDot } from "../parts/service-dot";

interface TraceHeaderProps {
  readonly trace: Trace;
  onNextError(): void;
}

export function TraceHeader({ trace, onNextError }: TraceHeaderProps) {
  const now = useNow(10_000);
  const root = trace.rootRow;
  return (
    <section class="trace-header" aria-label="Trace">
      <div class="trace-title">
        <h1 data-testid="trace-title">
          {root >= 0
            ? <><ServiceDot service={serviceOf(trace, root).name} /><span class="title-service">{serviceOf(trace, root).name}</span><span class="title-name">{trace.names[root] || "(no name)"}</span></>
            : <span class="title-name">Trace without a root span</span>}
        </h1>
        <div class="trace-actions">
          <CopyButton text={trace.traceId} what="trace id"><span class="mono" data-testid="trace-id" title={trace.traceId}>{trace.traceId.slice(0, 8)}…</span></CopyButton>
          <CopyButton text={() => location.href} what="link to this view" icon={LinkIcon}>Copy link</CopyButton>
          <a class="button" data-testid="download-json" href={traceUrl(trace.traceId)} download={`trace-${trace.traceId}.json`} title="Download as OTLP JSON"><DownloadIcon /><span>OTLP</span></a>
        </div>
      </div>
      <dl class="facts">
        <Fact name="Duration" testId="trace-duration">{formatDuration(BigInt(Math.round(trace.durationNanos)))}</Fact>
        <Fact name="Started" testId="trace-start">
          {trace.startNanos === 0n ? "unknown" : <>{formatMoment(trace.startNanos)} <span class="quiet">{formatAge(trace.startNanos, now)}</span></>}
        </Fact>
        <Fact name="Spans" testId="trace-span-count">{trace.spanCount.toLocaleString("en")}</Fact>
        {trace.copiesLeftOut > 0 && (
          <Fact name="Sent again" testId="trace-copies"><span title="Identical to spans that are shown: a sender that got no answer in time sent them again. They are not shown or counted twice.">{trace.copiesLeftOut.toLocaleString("en")}</span></Fact>
        )}
        <Fact name="Depth" testId="trace-depth">{trace.depthMax + 1}</Fact>
        {trace.errorCount > 0 && (
          <Fact name="Errors" testId="trace-error-count">
            <button type="button" class="error-count link" title="Go to the next error (e)" onClick={onNextError}><ErrorIcon /> {trace.errorCount.toLocaleString("en")}</button>
          </Fact>
        )}
        {(trace.flawedCount > 0 || trace.rootCount > 1) && (
          <Fact name="Integrity" testId="trace-flaws"><span class="flaw-count"><WarningIcon /> {integrityOf(trace)}</span></Fact>
        )}
        <div class="fact services" data-testid="trace-services">
          <dt>{trace.services.length === 1 ? "Service" : `${trace.services.length} services`}</dt>
          <dd class="chips">
            {[...trace.services].sort((left, right) => right.spanCount - left.spanCount).map((service) => (
              <span key={service.name} class="chip" data-failed={service.errorCount > 0} title={`${service.name}: ${service.spanCount} spans, ${service.errorCount} with errors`}>
                <ServiceDot service={service.name} />{service.name}<span class="number quiet">{service.spanCount.toLocaleString("en")}</span>{service.errorCount > 0 && <ErrorIcon />}
              </span>
            ))}
          </dd>
        </div>
      </dl>
    </section>
  );
}

function integrityOf(trace: Trace): string {
  const parts: string[] = [];
  if (trace.rootCount > 1) parts.push(`${trace.rootCount} roots`);
  if (trace.flawedCount > 0) parts.push(`${trace.flawedCount.toLocaleString("en")} broken ${trace.flawedCount === 1 ? "span" : "spans"}`);
  return parts.join(", ");
}

function Fact({ name, testId, children }: { readonly name: string; readonly testId: string; readonly children: preact.ComponentChildren }) {
  return <div class="fact"><dt>{name}</dt><dd class="number" data-testid={testId}>{children}</dd></div>;
}
