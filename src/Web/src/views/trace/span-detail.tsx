import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { spanKinds, statusCode } from "../../api/otlp";
import { formatMoment } from "../../base/calendar";
import { formatDuration, readNanos } from "../../base/nanos";
import { flawLabels } from "../../model/flaw-labels";
import { spanAsOtlp } from "../../model/span-json";
import { serviceOf, type Trace } from "../../model/trace";
import { CopyButton } from "../parts/copy-button";
import { ChevronIcon, CloseIcon, ErrorIcon, WarningIcon } from "../parts/icons";
import { ServiceDot } from "../parts/service-dot";
import { AttributeTable } from "./attribute-table";
import { EventList } from "./event-list";
import { LinkList } from "./link-list";

interface SpanDetailProps {
  readonly trace: Trace;
  readonly row: number;
  onClose(): void;
}

/** Everything that is known about a span. */
export function SpanDetail({ trace, row, onClose }: SpanDetailProps) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.scrollTo(0, 0), [row]);
  const { span, resource, scope, resourceSchemaUrl, scopeSchemaUrl } = trace.origins[row];
  const failed = trace.failed[row] === 1;
  const children = trace.childCount[row];
  return (
    <aside class="detail" ref={panel} data-testid="span-detail" aria-label="Span details" tabIndex={-1}>
      <header class="detail-head" data-failed={failed}>
        <div class="detail-title">
          <span class="detail-service"><ServiceDot service={serviceOf(trace, row).name} />{serviceOf(trace, row).name}</span>
          <h2 data-testid="detail-name">{trace.names[row] || "(no name)"}</h2>
        </div>
        <button type="button" class="icon-button" data-testid="detail-close" aria-label="Close details" title="Close (Esc)" onClick={onClose}><CloseIcon /></button>
      </header>
      {failed && <p class="detail-error" data-testid="detail-error"><ErrorIcon /><span>{span.status?.message || "The span’s status is Error; it says no more."}</span></p>}
      {flawLabels(trace, row).map(({ short, long }) => <p key={short} class="detail-flaw" data-testid="detail-flaw"><WarningIcon /><span>{long}</span></p>)}
      <dl class="detail-facts">
        <Fact name="Duration">{formatDuration(BigInt(Math.round(trace.duration[row])))}</Fact>
        <Fact name="Self time">{formatDuration(BigInt(Math.round(trace.selfTime[row])))}{children > 0 && trace.duration[row] > 0 && <span class="quiet"> {Math.round((trace.selfTime[row] / trace.duration[row]) * 100)} %</span>}</Fact>
        <Fact name="Starts at">+{formatDuration(BigInt(Math.round(trace.startOffset[row])))}</Fact>
        <Fact name="Kind">{spanKinds[span.kind ?? 0] ?? `unknown (${span.kind})`}</Fact>
        <Fact name="Status">{statusText(span.status?.code)}</Fact>
        <Fact name="Children">{children === 0 ? "none" : children.toLocaleString("en")}{trace.subtreeEnd[row] - row - 1 > children && <span class="quiet"> of {(trace.subtreeEnd[row] - row - 1).toLocaleString("en")} below</span>}</Fact>
      </dl>
      <Section title="Attributes" testId="detail-attributes" count={span.attributes?.length ?? 0} dropped={span.droppedAttributesCount}>
        <AttributeTable attributes={span.attributes} />
      </Section>
      <Section title="Events" testId="detail-events" count={span.events?.length ?? 0} dropped={span.droppedEventsCount}>
        <EventList events={span.events ?? []} spanStart={readNanos(span.startTimeUnixNano)} />
      </Section>
      <Section title="Links" testId="detail-links" count={span.links?.length ?? 0} dropped={span.droppedLinksCount}>
        <LinkList links={span.links ?? []} traceId={trace.traceId} />
      </Section>
      <Section title="Resource" testId="detail-resource" count={resource.attributes?.length ?? 0} dropped={resource.droppedAttributesCount}>
        <AttributeTable attributes={resource.attributes} />
        {resourceSchemaUrl && <Line name="Schema" value={resourceSchemaUrl} />}
      </Section>
      <Section title="Scope" testId="detail-scope" always={Boolean(scope.name)} count={scope.attributes?.length ?? 0} dropped={scope.droppedAttributesCount}>
        <Line name="Name" value={scope.name} />
        <Line name="Version" value={scope.version} />
        {scopeSchemaUrl && <Line name="Schema" value={scopeSchemaUrl} />}
        <AttributeTable attributes={scope.attributes} />
      </Section>
      <Section title="Identity" testId="detail-identity" always>
        <Line name="Span id" value={span.spanId} />
        <Line name="Parent id" value={span.parentSpanId} />
        <Line name="Trace id" value={trace.traceId} />
        <Line name="Start" value={span.startTimeUnixNano && formatMoment(readNanos(span.startTimeUnixNano))} copied={span.startTimeUnixNano} />
        <Line name="End" value={span.endTimeUnixNano && formatMoment(readNanos(span.endTimeUnixNano))} copied={span.endTimeUnixNano} />
        <Line name="Trace state" value={span.traceState} />
        <Line name="Flags" value={flagsText(span.flags)} />
      </Section>
      <RawJson trace={trace} row={row} />
    </aside>
  );
}

function RawJson({ trace, row }: { readonly trace: Trace; readonly row: number }) {
  const json = () => JSON.stringify(spanAsOtlp(trace, row), null, 2);
  return (
    <details class="section" data-testid="detail-raw">
      <summary><ChevronIcon /><h3>Raw OTLP JSON</h3><CopyButton text={json} what="OTLP JSON of this span" /></summary>
      <pre class="raw">{json()}</pre>
    </details>
  );
}

interface SectionProps {
  readonly title: string;
  readonly testId: string;
  readonly count?: number;
  /** How many the sender says it dropped. */
  readonly dropped?: number | undefined;
  readonly always?: boolean;
  readonly children: ComponentChildren;
}

function Section({ title, testId, count = 0, dropped = 0, always = false, children }: SectionProps) {
  if (count === 0 && dropped === 0 && !always) return null;
  return (
    <details class="section" data-testid={testId} open>
      <summary>
        <ChevronIcon /><h3>{title}</h3>
        {count > 0 && <span class="quiet number">{count}</span>}
        {dropped > 0 && <span class="dropped" title="Dropped by the sender, because of its limits">{dropped} dropped</span>}
      </summary>
      {children}
    </details>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return <div><dt>{name}</dt><dd class="number">{children}</dd></div>;
}

function Line({ name, value, copied }: { readonly name: string; readonly value: string | undefined; readonly copied?: string | undefined }) {
  if (!value) return null;
  return (
    <div class="line">
      <span class="line-name">{name}</span>
      <span class="line-value mono">{value}</span>
      <CopyButton text={copied ?? value} what={name.toLowerCase()} />
    </div>
  );
}

function statusText(code: number | undefined): ComponentChildren {
  if (code === statusCode.error) return <span class="error-count"><ErrorIcon /> error</span>;
  return code === statusCode.ok ? "ok" : code === undefined || code === statusCode.unset ? "unset" : `unknown (${code})`;
}

/** Bits 0–7 are the W3C trace flags; 8 and 9 say whether the parent is known to be, and is, remote. */
function flagsText(flags: number | undefined): string | undefined {
  if (!flags) return undefined;
  const names = [flags & 0x01 && "sampled", flags & 0x02 && "random id", flags & 0x100 && (flags & 0x200 ? "parent remote" : "parent local")].filter(Boolean);
  return `0x${flags.toString(16).padStart(2, "0")}${names.length > 0 ? ` (${names.join(", ")})` : ""}`;
}
