import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { findRows, nextMatch } from "../../model/find";
import { Outline } from "../../model/outline";
import type { SpanReference } from "../../model/route";
import { wholeWindow, zoomAround } from "../../model/time-window";
import { referenceOf, rowOf, type Trace } from "../../model/trace";
import { useKeys } from "../hooks";
import { useOwners } from "../owners";
import { Minimap } from "./minimap";
import { SpanDetail } from "./span-detail";
import { Toolbar } from "./toolbar";
import { TraceHeader } from "./trace-header";
import { Waterfall } from "./waterfall";

interface TraceViewProps {
  readonly trace: Trace;
  /** The span whose details are open, as the address bar says. */
  readonly selected?: SpanReference;
}

/** A trace on screen. Owns what is not worth an address: folded subtrees, the cursor, the zoom and the text to find. */
export function TraceView({ trace, selected }: TraceViewProps) {
  const { navigation } = useOwners();
  const selectedRow = selected ? rowOf(trace, selected) : -1;
  const [outline, setOutline] = useState(() => Outline.open(trace).reveal(selectedRow));
  const [cursor, setCursor] = useState(Math.max(0, selectedRow));
  const [window, setWindow] = useState(() => wholeWindow(trace.durationNanos));
  const [{ text: findText, rows: matches }, setFound] = useState(() => ({ text: "", rows: findRows(trace, "") }));
  const findBox = useRef<HTMLInputElement>(null);
  const matchSet = useMemo(() => new Set(matches), [matches]);

  const select = (row: number) => navigation.refine({ page: "trace", traceId: trace.traceId, span: referenceOf(trace, row) });
  const closeDetail = () => navigation.refine({ page: "trace", traceId: trace.traceId });
  /** Moves the cursor to a row, opening what hides it; open details follow. */
  const goTo = (row: number) => {
    if (row < 0) return;
    setOutline((current) => current.reveal(row));
    setCursor(row);
    if (selectedRow >= 0) select(row);
  };
  const step = (by: number) => goTo(outline.visible[Math.min(outline.visible.length - 1, Math.max(0, outline.positionOf(cursor) + by))]);
  const goToMatch = (direction: 1 | -1) => goTo(nextMatch(matches, cursor, direction));
  const find = (text: string) => {
    const rows = findRows(trace, text);
    setFound({ text, rows });
    if (rows.length > 0 && !rows.includes(cursor)) goTo(nextMatch(rows, cursor, 1));
  };
  const fold = (change: (outline: Outline) => Outline) => {
    const changed = change(outline);
    setOutline(changed);
    setCursor(changed.visible[changed.positionOf(cursor)]);
  };
  const left = () => {
    if (trace.childCount[cursor] > 0 && !outline.isCollapsed(cursor)) fold((current) => current.collapse(cursor));
    else goTo(trace.parent[cursor]);
  };
  const right = () => {
    if (outline.isCollapsed(cursor)) fold((current) => current.expand(cursor));
    else if (trace.childCount[cursor] > 0) goTo(cursor + 1);
  };
  const zoom = (factor: number) =>
    setWindow((current) => zoomAround(current, clamp(trace.startOffset[cursor] + Math.max(0, trace.duration[cursor]) / 2, current.from, current.to), factor, trace.durationNanos));

  // A link to another span of the same trace, or the back button, moves the cursor too.
  useEffect(() => {
    if (selectedRow < 0 || selectedRow === cursor) return;
    setOutline((current) => current.reveal(selectedRow));
    setCursor(selectedRow);
  }, [selectedRow]);

  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: (event) => inWaterfall(event) && step(1),
    ArrowUp: (event) => inWaterfall(event) && step(-1),
    PageDown: (event) => inWaterfall(event) && step(20),
    PageUp: (event) => inWaterfall(event) && step(-20),
    Home: (event) => inWaterfall(event) && step(-trace.spanCount),
    End: (event) => inWaterfall(event) && step(trace.spanCount),
    ArrowLeft: (event) => inWaterfall(event) && left(),
    ArrowRight: (event) => inWaterfall(event) && right(),
    Enter: (event) => inWaterfall(event) && select(cursor),
    o: () => select(cursor),
    "/": () => findBox.current?.focus(),
    n: () => goToMatch(1),
    N: () => goToMatch(-1),
    e: () => goTo(nextError(trace, cursor)),
    "+": () => zoom(0.5),
    "=": () => zoom(0.5),
    "-": () => zoom(2),
    z: () => setWindow(wholeWindow(trace.durationNanos)),
    Escape: () => (selectedRow >= 0 ? closeDetail() : find("")),
  });

  return (
    <div class="trace-page" data-testid="trace-page" data-detail={selectedRow >= 0}>
      <TraceHeader trace={trace} onNextError={() => goTo(nextError(trace, cursor))} />
      <Minimap trace={trace} window={window} onWindow={setWindow} />
      <Toolbar findBox={findBox} findText={findText} matchCount={matches.length} matchPosition={matches.indexOf(cursor)} onFind={find} onStep={goToMatch}
        depthMax={trace.depthMax} shownCount={outline.visible.length} spanCount={trace.spanCount} window={window} durationNanos={trace.durationNanos}
        onExpandAll={() => fold((current) => current.expandAll())} onCollapseTo={(depth) => fold((current) => current.collapseTo(depth))}
        onResetZoom={() => setWindow(wholeWindow(trace.durationNanos))} />
      <div class="trace-body">
        <Waterfall outline={outline} cursor={cursor} selectedRow={selectedRow} window={window} matches={findText.trim() === "" ? undefined : matchSet}
          onWindow={setWindow} onToggle={(row) => { setCursor(row); fold((current) => current.toggle(row)); }}
          onSelect={(row) => { setCursor(row); select(row); }} />
        {selectedRow >= 0 && <SpanDetail trace={trace} row={selectedRow} onClose={closeDetail} />}
      </div>
      {selected && selectedRow < 0 && (
        <p class="toast" role="status" data-testid="span-missing">
          Span <code>{selected.spanId}</code> is not part of this trace, or has not arrived yet.
          <button type="button" class="button" onClick={closeDetail}>Dismiss</button>
        </p>
      )}
    </div>
  );
}

/** Keys that scroll or press mean the waterfall only when nothing else has the focus. */
function inWaterfall(event: KeyboardEvent): boolean {
  const target = event.target as Element;
  return target === document.body || target.id === "main" || target.closest("[data-testid=waterfall]") !== null;
}

function nextError(trace: Trace, from: number): number {
  const after = trace.failed.indexOf(1, from + 1);
  return after >= 0 ? after : trace.failed.indexOf(1);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(least, value), most);
}
