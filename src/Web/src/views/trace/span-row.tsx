import { memo } from "../memo";
import { formatDuration, readNanos } from "../../base/nanos";
import { flawLabels } from "../../model/flaw-labels";
import { shareOf, type TimeWindow } from "../../model/time-window";
import type { Trace } from "../../model/trace";
import { ChevronIcon, ErrorIcon, WarningIcon } from "../parts/icons";

interface SpanRowProps {
  readonly trace: Trace;
  readonly row: number;
  /** Among the visible rows, from 0. */
  readonly position: number;
  readonly color: string;
  readonly collapsed: boolean;
  readonly current: boolean;
  readonly selected: boolean;
  readonly match: boolean | undefined;
  readonly window: TimeWindow;
}

export function rowElementId(row: number): string {
  return `span-row-${row}`;
}

/** One row of the waterfall. It has no handlers of its own, so that scrolling redraws only what is new; the waterfall handles its clicks. */
export const SpanRow = memo(function SpanRow(props: SpanRowProps) {
  const { trace, row, position, color, collapsed, current, selected, match } = props;
  const children = trace.childCount[row];
  const failed = trace.failed[row] === 1;
  const hidden = trace.subtreeEnd[row] - row - 1;
  return (
    <div id={rowElementId(row)} class="span-row" role="row" data-testid="span-row" data-row={row} data-span-id={trace.spanIds[row]} data-current={current} data-failed={failed} data-match={match}
      aria-level={trace.depth[row] + 1} aria-rowindex={position + 1} aria-selected={selected} aria-expanded={children === 0 ? undefined : !collapsed}
      style={{ "--color": color, "--depth": trace.depth[row] }}>
      <div class="span-name" role="gridcell">
        {children > 0
          ? (
            <button type="button" class="twisty" tabIndex={-1} data-testid="span-toggle" data-open={!collapsed} aria-label={collapsed ? "Expand" : "Collapse"}
              title={`${collapsed ? "Expand" : "Collapse"} ${hidden.toLocaleString("en")} ${hidden === 1 ? "span" : "spans"}`}>
              <ChevronIcon />
            </button>
          )
          : <span class="twisty" />}
        <span class="span-service-bar" />
        {failed && <span class="error-mark" title="Error"><ErrorIcon /></span>}
        <span class="span-service">{trace.services[trace.service[row]].name}</span>
        <span class="span-operation">{trace.names[row] || "(no name)"}</span>
        {flawLabels(trace, row).map(({ short, long }) => <span key={short} class="flaw-badge" data-testid="flaw-badge" title={long}><WarningIcon />{short}</span>)}
        {collapsed && (
          <span class="hidden-count number" title={`${hidden.toLocaleString("en")} spans below`} data-failed={trace.errorsBelow[row] > 0}>
            {trace.errorsBelow[row] > 0 && <ErrorIcon />}+{hidden.toLocaleString("en")}
          </span>
        )}
      </div>
      <div class="span-track" role="gridcell"><Bar {...props} /></div>
    </div>
  );
}, sameRow);

function sameRow(before: SpanRowProps, after: SpanRowProps): boolean {
  return before.trace === after.trace && before.row === after.row && before.position === after.position && before.color === after.color
    && before.collapsed === after.collapsed && before.current === after.current && before.selected === after.selected && before.match === after.match
    && before.window === after.window;
}

/** More ticks than this on one bar are a smear that costs time; on a bar narrower than this share they would hide it. */
const ticksMax = 64;
const tickedShareMin = 0.012;

function Bar({ trace, row, window }: SpanRowProps) {
  const duration = trace.duration[row];
  const from = shareOf(window, trace.startOffset[row]);
  const to = shareOf(window, trace.startOffset[row] + Math.max(0, duration));
  const label = formatDuration(BigInt(Math.round(duration)));
  if (to < 0) return <span class="beyond left" title={`Before the zoomed part; ${label}`}>‹</span>;
  if (from > 1) return <span class="beyond right" title={`After the zoomed part; ${label}`}>›</span>;
  const left = Math.max(-0.01, from);
  const width = Math.min(1.01, to) - left;
  const events = trace.origins[row].span.events ?? [];
  return (
    <>
      <div class="bar" data-flawed={duration < 0} style={{ left: `${left * 100}%`, width: `${width * 100}%` }} />
      {events.length > 0 && events.slice(0, ticksMax).map((event, index) => {
        if (width < tickedShareMin && event.name !== "exception") return null;
        const at = shareOf(window, Number(readNanos(event.timeUnixNano) - trace.startNanos));
        return at >= 0 && at <= 1 && <span key={index} class="event-tick" data-testid="event-tick" data-exception={event.name === "exception"} title={event.name} style={{ left: `${at * 100}%` }} />;
      })}
      {to < 0.86 ? <span class="bar-label after number" style={{ left: `${Math.max(0, to) * 100}%` }}>{label}</span>
        : from > 0.14 ? <span class="bar-label before number" style={{ right: `${(1 - from) * 100}%` }}>{label}</span>
        : <span class="bar-label inside number" style={{ left: `${Math.max(0, left) * 100}%` }}>{label}</span>}
    </>
  );
}
