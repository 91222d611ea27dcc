import { useEffect, useMemo } from "preact/hooks";
import { fetchTrace } from "../../api/clew-api";
import type { SpanReference } from "../../model/route";
import { assembleTrace } from "../../model/trace-assembly";
import { serviceOf, type Trace } from "../../model/trace";
import { useLoaded } from "../hooks";
import { useOwners } from "../owners";
import { ErrorIcon, SearchIcon } from "../parts/icons";
import { Notice } from "../parts/notice";
import { TraceView } from "./trace-view";

interface TracePageProps {
  readonly traceId: string;
  readonly span?: SpanReference;
}

/** Loads a trace and says what happened if there is none; `TraceView` shows it. */
export function TracePage({ traceId, span }: TracePageProps) {
  const { colors } = useOwners();
  const loaded = useLoaded(traceId, (signal) => fetchTrace(traceId, signal));
  const trace = useMemo(() => loaded.value && assembleTrace(traceId, loaded.value), [loaded.value]);
  if (trace) colors.addAll(trace.services.map((service) => service.name));
  useEffect(() => {
    document.title = trace ? `${titleOf(trace)} · Clew` : "Trace · Clew";
  }, [trace]);

  if (trace) return <TraceView trace={trace} {...(span && { selected: span })} />;
  if (loaded.error?.status === 404 || (loaded.value && !trace)) return <NotFound traceId={traceId} retry={loaded.reload} />;
  if (loaded.error)
    return (
      <Notice testId="error-state" icon={<ErrorIcon />} title="The trace could not be loaded" alert>
        <p data-testid="error-message">{loaded.error.message}</p>
        <p><button type="button" class="button primary" data-testid="retry-button" onClick={loaded.reload}>Retry</button></p>
      </Notice>
    );
  return (
    <div class="trace-page skeleton" data-testid="loading-state" role="status" aria-label="Loading the trace">
      <div class="skeleton-header" />
      {Array.from({ length: 14 }, (_, index) => <div key={index} class="skeleton-span" style={{ marginLeft: `${(index * 7) % 23}%`, width: `${30 + ((index * 17) % 40)}%` }} />)}
    </div>
  );
}

function NotFound({ traceId, retry }: { readonly traceId: string; retry(): void }) {
  return (
    <Notice testId="not-found-state" icon={<SearchIcon />} title="No such trace">
      <p>No span of trace <code>{traceId}</code> is stored here.</p>
      <ul class="hints">
        <li>It may not have arrived yet: SDKs send in batches, often five seconds after a span ended.</li>
        <li>It may have gone to another server. Or its time here is over, as storage.retention has it.</li>
        <li>The id may be incomplete: a trace id has 32 hexadecimal digits, a span id 16.</li>
      </ul>
      <p class="row">
        <button type="button" class="button primary" data-testid="retry-button" onClick={retry}>Look again</button>
        <a class="button" href="/search">Search traces</a>
      </p>
    </Notice>
  );
}

function titleOf(trace: Trace): string {
  return trace.rootRow >= 0 ? `${serviceOf(trace, trace.rootRow).name}: ${trace.names[trace.rootRow]}` : `Trace ${trace.traceId}`;
}
