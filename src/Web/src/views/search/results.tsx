import { useMemo, useRef, useState } from "preact/hooks";
import type { ServiceShare, TraceSummary } from "../../api/clew-api";
import { formatAge, formatMoment, formatMomentBriefly } from "../../base/calendar";
import { formatDuration, readNanos } from "../../base/nanos";
import { resultOrders, sortResults, type ResultOrder } from "../../model/result-order";
import { rootName } from "../../model/root-name";
import { describeArea, isInside, placeOf, timesOf, type ScatterArea } from "../../model/scatter-area";
import type { SearchQuery } from "../../model/search-query";
import { useKeys, useNow } from "../hooks";
import { useOwners } from "../owners";
import { CloseIcon, ErrorIcon } from "../parts/icons";
import { ServiceDot, useServiceColor } from "../parts/service-dot";
import { Scatter } from "./scatter";

interface ResultsProps {
  readonly traces: readonly TraceSummary[];
  readonly query: SearchQuery;
  readonly order: ResultOrder;
  /** A newer answer is on its way. */
  readonly stale: boolean;
  onOrder(order: ResultOrder): void;
}

export function Results({ traces, query, order, stale, onOrder }: ResultsProps) {
  const { navigation } = useOwners();
  const [hovered, setHovered] = useState<string>();
  const [area, setArea] = useState<ScatterArea>();
  const now = useNow(5000);
  const list = useRef<HTMLUListElement>(null);
  const shown = useMemo(() => (area ? traces.filter((trace) => isInside(area, placeOf(trace))) : traces), [traces, area]);
  const sorted = useMemo(() => sortResults(shown, order), [shown, order]);
  const slowest = useMemo(() => traces.reduce((most, trace) => Math.max(most, Number(trace.durationNanos)), 1), [traces]);
  const failed = shown.filter((trace) => trace.errorCount > 0).length;
  useKeys({ j: () => moveFocus(list.current, 1), k: () => moveFocus(list.current, -1), o: () => openFocused(list.current) });

  return (
    <div class="results" data-testid="results" data-stale={stale} aria-busy={stale}>
      <Scatter traces={traces} area={area} hovered={hovered} onHover={setHovered}
        onOpen={(traceId) => navigation.go({ page: "trace", traceId })}
        onBrush={setArea} />
      {area && (
        <AreaBar area={area} onClear={() => setArea(undefined)}
          onSearch={() => navigation.go({ page: "search", query: { ...query, range: timesOf(area) } })} />
      )}
      <div class="results-bar">
        <h1 data-testid="result-count" aria-live="polite">
          {area && `${shown.length} of `}{traces.length === 1 ? "1 trace" : `${traces.length} traces`}
          {failed > 0 && <span class="failed-count">{failed} with errors</span>}
          {traces.length >= query.limit && <span class="quiet">the newest; there may be more</span>}
        </h1>
        <div class="segmented" role="group" aria-label="Order of the results">
          {(Object.keys(resultOrders) as ResultOrder[]).map((name) => (
            <button key={name} type="button" data-testid={`sort-${name}`} aria-pressed={order === name} onClick={() => onOrder(name)}>{resultOrders[name]}</button>
          ))}
        </div>
      </div>
      <ul class="result-list" ref={list}>
        {sorted.map((trace) => (
          <ResultRow key={trace.traceId} trace={trace} slowest={slowest} now={now} hovered={hovered === trace.traceId} onHover={setHovered} />
        ))}
      </ul>
    </div>
  );
}

interface AreaBarProps {
  readonly area: ScatterArea;
  onClear(): void;
  onSearch(): void;
}

/** Says that results are hidden, and by what. */
function AreaBar({ area, onClear, onSearch }: AreaBarProps) {
  return (
    <p class="area-bar">
      <span class="area-chip" data-testid="area-chip">
        Only the traces in the rectangle: {describeArea(area)}
        <button type="button" class="icon-button small" data-testid="area-clear" aria-label="Show all traces again" title="Show all traces again" onClick={onClear}><CloseIcon /></button>
      </span>
      <button type="button" class="link" data-testid="area-search" onClick={onSearch}>Search this time range</button>
    </p>
  );
}

interface ResultRowProps {
  readonly trace: TraceSummary;
  readonly slowest: number;
  readonly now: number;
  readonly hovered: boolean;
  onHover(traceId: string | undefined): void;
}

function ResultRow({ trace, slowest, now, hovered, onHover }: ResultRowProps) {
  const color = useServiceColor();
  const start = readNanos(trace.startTimeUnixNano);
  const main = trace.rootServiceName || trace.services[0]?.name || "";
  const name = rootName(trace, now);
  return (
    <li onMouseEnter={() => onHover(trace.traceId)} onMouseLeave={() => onHover(undefined)}>
      <a class="result" href={`/trace/${trace.traceId}`} data-testid="result-row" data-trace-id={trace.traceId} data-hovered={hovered} data-failed={trace.errorCount > 0}>
        <span class="result-title">
          <ServiceDot service={main} />
          <span class="result-service">{trace.rootServiceName || main}</span>
          <span class="result-operation" data-state={name.state}>{name.text}</span>
        </span>
        <ServiceChips services={trace.services} />
        <span class="result-duration" data-testid="result-duration">
          <span class="result-bar" aria-hidden="true">
            <span style={{ width: `${Math.max(0.5, (Number(trace.durationNanos) / slowest) * 100)}%`, background: color(main) }} />
          </span>
          <span class="number">{formatDuration(BigInt(trace.durationNanos))}</span>
        </span>
        <span class="result-counts">
          <span class="number">{trace.spanCount.toLocaleString("en")} {trace.spanCount === 1 ? "span" : "spans"}</span>
          {trace.spanSets && <span class="number match-count" data-testid="result-matched" title="Spans that the query asks for">{matchedIn(trace).toLocaleString("en")} matched</span>}
          {trace.errorCount > 0 && <span class="error-count" data-testid="result-errors"><ErrorIcon /> {trace.errorCount.toLocaleString("en")} {trace.errorCount === 1 ? "error" : "errors"}</span>}
        </span>
        {start === 0n
          ? <span class="result-start">start unknown</span>
          : (
            <span class="result-start" title={formatMoment(start)}>
              <span>{formatAge(start, now)}</span>
              <span class="quiet">{formatMomentBriefly(start, now)}</span>
            </span>
          )}
      </a>
    </li>
  );
}

function matchedIn({ spanSets = [] }: TraceSummary): number {
  return spanSets.reduce((sum, { matched }) => sum + matched, 0);
}

const chipsMax = 7;

function ServiceChips({ services: unordered }: { readonly services: readonly ServiceShare[] }) {
  const services = [...unordered].sort((left, right) => right.spanCount - left.spanCount);
  return (
    <span class="chips">
      {services.slice(0, chipsMax).map((service) => (
        <span key={service.name} class="chip" data-failed={service.errorCount > 0}
          title={`${service.name}: ${service.spanCount} spans${service.errorCount > 0 ? `, ${service.errorCount} with errors` : ""}`}>
          <ServiceDot service={service.name} />{service.name}<span class="number quiet">{service.spanCount.toLocaleString("en")}</span>
          {service.errorCount > 0 && <ErrorIcon />}
        </span>
      ))}
      {services.length > chipsMax && <span class="chip quiet" title={services.slice(chipsMax).map((service) => service.name).join(", ")}>+{services.length - chipsMax}</span>}
    </span>
  );
}

function linksOf(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>("a.result") ?? [])];
}

function moveFocus(list: HTMLElement | null, step: number): void {
  const links = linksOf(list);
  const at = links.indexOf(document.activeElement as HTMLElement);
  links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus();
}

function openFocused(list: HTMLElement | null): void {
  linksOf(list).find((link) => link === document.activeElement)?.click();
}

export function ResultsSkeleton() {
  return (
    <div class="results skeleton" data-testid="loading-state" role="status" aria-label="Searching">
      <div class="skeleton-chart" />
      {Array.from({ length: 8 }, (_, index) => <div key={index} class="skeleton-row" />)}
    </div>
  );
}
