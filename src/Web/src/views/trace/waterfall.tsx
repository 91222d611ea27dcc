import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Outline } from "../../model/outline";
import { pan, shareOf, zoomAround, type TimeWindow } from "../../model/time-window";
import { scrollTopFor, virtualRows } from "../../model/virtual-rows";
import { useLatest, useSize } from "../hooks";
import { useServiceColor } from "../parts/service-dot";
import { Ruler, rulerTicks } from "./ruler";
import { SpanRow, rowElementId } from "./span-row";

interface WaterfallProps {
  readonly outline: Outline;
  readonly cursor: number;
  readonly selectedRow: number;
  readonly window: TimeWindow;
  /** Rows that match the text to find; undefined when nothing is searched. */
  readonly matches: ReadonlySet<number> | undefined;
  onWindow(window: TimeWindow): void;
  onToggle(row: number): void;
  onSelect(row: number): void;
}

const rowHeight = 26;
/** Rows kept in view above and below the cursor. */
const marginRows = 3;
const gutterShare = { initial: 0.36, min: 0.15, max: 0.7 };

/** The tree and the bars. Only the rows in view exist. */
export function Waterfall({ outline, cursor, selectedRow, window, matches, onWindow, onToggle, onSelect }: WaterfallProps) {
  const { trace } = outline;
  const color = useServiceColor();
  const frame = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const [scrollTop, setScrollTop] = useState(0);
  const [gutter, setGutter] = useState(gutterShare.initial);
  const rows = virtualRows(outline.visible.length, rowHeight, size.height, scrollTop);
  const gutterWidth = Math.round(size.width * gutter);
  const trackWidth = size.width - gutterWidth;
  useWheelZoom(frame, gutterWidth, trackWidth, window, trace.durationNanos, onWindow);

  // The cursor stays in view; also when the panel below takes part of the height away.
  useLayoutEffect(() => {
    if (!scroller.current || size.height === 0) return;
    const wanted = scrollTopFor(outline.positionOf(cursor), outline.visible.length, rowHeight, size.height, scroller.current.scrollTop, marginRows);
    if (wanted !== scroller.current.scrollTop) scroller.current.scrollTop = wanted;
  }, [cursor, outline, size.height]);

  // Whoever came by a result or by the header's box goes on with the keyboard; a field that has the focus keeps it.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
  }, []);

  const click = (event: MouseEvent) => {
    const target = event.target as Element;
    const row = Number(target.closest<HTMLElement>("[data-row]")?.dataset["row"] ?? -1);
    if (row < 0) return;
    if (target.closest("button.twisty")) onToggle(row);
    else onSelect(row);
  };
  const indent = Math.min(14, (gutterWidth * 0.45) / Math.max(1, trace.depthMax));
  return (
    <div class="waterfall" ref={frame} style={{ "--gutter": `${gutterWidth}px`, "--track": `${trackWidth}px`, "--row-height": `${rowHeight}px`, "--indent": `${indent}px` }}>
      <div class="waterfall-head">
        <div class="waterfall-names">Service and operation</div>
        <Ruler window={window} durationNanos={trace.durationNanos} width={trackWidth} onWindow={onWindow} />
        <GutterHandle frame={frame} share={gutter} onShare={setGutter} />
      </div>
      <div class="waterfall-scroller" ref={scroller} data-testid="waterfall" tabIndex={0} role="treegrid" aria-label="Spans" aria-rowcount={outline.visible.length}
        aria-activedescendant={rowElementId(cursor)} onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}>
        <div class="waterfall-content" role="presentation" style={{ height: `${rows.scrollHeight}px` }}>
          <div class="waterfall-rows" role="rowgroup" style={{ transform: `translateY(${rows.top}px)` }} onClick={click}>
            {Array.from(outline.visible.subarray(rows.first, rows.end), (row, index) => (
              <SpanRow key={row} trace={trace} row={row} position={rows.first + index} color={color(trace.services[trace.service[row]].name)}
                collapsed={outline.isCollapsed(row)} current={row === cursor} selected={row === selectedRow}
                match={matches === undefined ? undefined : matches.has(row)} window={window} />
            ))}
          </div>
        </div>
      </div>
      <div class="waterfall-grid" aria-hidden="true">
        {rulerTicks(window, trackWidth).map((at) => <span key={at} style={{ left: `${shareOf(window, at) * 100}%` }} />)}
      </div>
    </div>
  );
}

/** Ctrl and the wheel zoom around the pointer; a sideways wheel moves the window. */
function useWheelZoom(frame: { current: HTMLElement | null }, gutterWidth: number, trackWidth: number, window: TimeWindow, durationNanos: number,
  onWindow: (window: TimeWindow) => void): void {
  const newest = useLatest({ gutterWidth, trackWidth, window, durationNanos, onWindow });
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      const { gutterWidth, trackWidth, window, durationNanos, onWindow } = newest.current;
      const nanosPerPixel = (window.to - window.from) / trackWidth;
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        const at = window.from + Math.max(0, event.clientX - element.getBoundingClientRect().left - gutterWidth) * nanosPerPixel;
        onWindow(zoomAround(window, at, Math.exp(event.deltaY * 0.002), durationNanos));
      } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) onWindow(pan(window, sideways * nanosPerPixel, durationNanos));
      else return;
      event.preventDefault();
    };
    // Not passive: the browser would zoom the page.
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, []);
}

interface GutterHandleProps {
  readonly frame: { current: HTMLElement | null };
  readonly share: number;
  onShare(share: number): void;
}

function GutterHandle({ frame, share, onShare }: GutterHandleProps) {
  const set = (wanted: number) => onShare(Math.min(gutterShare.max, Math.max(gutterShare.min, wanted)));
  return (
    <div class="gutter-handle" role="separator" aria-orientation="vertical" aria-label="Width of the names" aria-valuenow={Math.round(share * 100)} aria-valuemin={15} aria-valuemax={70}
      tabIndex={0} data-testid="gutter-handle"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const box = frame.current!.getBoundingClientRect();
        set((event.clientX - box.left) / box.width);
      }}
      onDblClick={() => set(gutterShare.initial)}
      onKeyDown={(event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        event.preventDefault();
        event.stopPropagation();
        set(share + (event.key === "ArrowLeft" ? -0.02 : 0.02));
      }} />
  );
}
