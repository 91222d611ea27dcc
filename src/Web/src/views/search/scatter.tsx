import { useMemo, useRef, useState } from "preact/hooks";
import type { TraceSummary } from "../../api/clew-api";
import { formatMark, formatMomentBriefly } from "../../base/calendar";
import { formatDuration, readNanos } from "../../base/nanos";
import { rootName } from "../../model/root-name";
import { isInside, placeOf, type ScatterArea, type ScatterPlace } from "../../model/scatter-area";
import { latencyScale, timeScale } from "../../model/scatter-scale";
import { useSize } from "../hooks";
import { ErrorIcon } from "../parts/icons";
import { useServiceColor } from "../parts/service-dot";

interface ScatterProps {
  readonly traces: readonly TraceSummary[];
  /** The part of the results that is shown; undefined is all. */
  readonly area: ScatterArea | undefined;
  readonly hovered: string | undefined;
  onHover(traceId: string | undefined): void;
  onOpen(traceId: string): void;
  onBrush(area: ScatterArea): void;
}

interface Point extends ScatterPlace {
  readonly trace: TraceSummary;
  readonly service: string;
}

interface Brush {
  readonly from: Position;
  readonly to: Position;
}

interface Position {
  readonly x: number;
  readonly y: number;
}

const height = 148;
const gutter = { left: 60, right: 12, top: 8, bottom: 22 };
/** Nearer than this, in pixels, the pointer means a point; a drag shorter than this is a click. */
const reach = 18;
const dragMin = 6;

/** Latency over time of the results. A click opens the nearest trace; a dragged rectangle becomes the area that is shown. */
export function Scatter({ traces, area, hovered, onHover, onOpen, onBrush }: ScatterProps) {
  const frame = useRef<HTMLDivElement>(null);
  const color = useServiceColor();
  const width = Math.max(0, useSize(frame).width - gutter.left - gutter.right);
  const [brush, setBrush] = useState<Brush>();
  const [pointed, setPointed] = useState(false);
  // A trace that does not say when it started has no place on the axis; the list has it.
  const points = useMemo(() => traces.map(pointOf).filter((point) => point.epochMillis > 0), [traces]);
  const x = useMemo(() => timeScale(points.map((point) => point.epochMillis), width, new Date().getTimezoneOffset()), [points, width]);
  const y = useMemo(() => latencyScale(points.map((point) => point.nanos), height), [points]);
  const shown = brush ? undefined : points.find((point) => point.trace.traceId === hovered);

  const positionOf = (event: PointerEvent): Position => {
    const box = frame.current!.getBoundingClientRect();
    return { x: clamp(event.clientX - box.left - gutter.left, width), y: clamp(event.clientY - box.top - gutter.top, height) };
  };
  const nearest = (at: Position): Point | undefined => {
    const distance = (point: Point) => Math.hypot(x.toPixel(point.epochMillis) - at.x, y.toPixel(point.nanos) - at.y);
    const best = points.reduce<Point | undefined>((found, point) => (!found || distance(point) < distance(found) ? point : found), undefined);
    return best && distance(best) <= reach ? best : undefined;
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    frame.current!.setPointerCapture(event.pointerId);
    const at = positionOf(event);
    setBrush({ from: at, to: at });
  };
  const move = (event: PointerEvent) => {
    const at = positionOf(event);
    if (brush) setBrush({ ...brush, to: at });
    else onHover(nearest(at)?.trace.traceId);
    setPointed(true);
  };
  const up = (event: PointerEvent) => {
    if (!brush) return;
    const to = positionOf(event);
    setBrush(undefined);
    if (isDrag({ from: brush.from, to })) onBrush(areaOf({ from: brush.from, to }));
    else {
      const point = nearest(to);
      if (point) onOpen(point.trace.traceId);
    }
  };
  const leave = () => {
    setPointed(false);
    if (!brush) onHover(undefined);
  };
  const areaOf = ({ from, to }: Brush): ScatterArea => ({
    fromMillis: x.toEpochMillis(Math.min(from.x, to.x)),
    toMillis: x.toEpochMillis(Math.max(from.x, to.x)),
    // A flat drag is about time alone.
    ...(Math.abs(from.y - to.y) > reach && { latencies: { least: y.toNanos(Math.max(from.y, to.y)), most: y.toNanos(Math.min(from.y, to.y)) } }),
  });
  // While a new rectangle is drawn it is the one to look at.
  const drawn = brush && isDrag(brush) ? areaOf(brush) : area;

  return (
    <div class="scatter" ref={frame} data-testid="scatter" onPointerDown={down} onPointerMove={move} onPointerUp={up}
      onPointerCancel={() => setBrush(undefined)} onPointerLeave={leave}>
      <svg width="100%" height={height + gutter.top + gutter.bottom} role="img"
        aria-label={`Latency over time of ${traces.length} traces; the same traces are listed below.`}>
        <g transform={`translate(${gutter.left},${gutter.top})`}>
          {y.ticks.map((nanos) => (
            <g key={nanos} transform={`translate(0,${y.toPixel(nanos)})`}>
              <line class="grid-line" x2={width} />
              <text class="axis-label" x={-10} dy="0.32em" text-anchor="end">{formatDuration(BigInt(Math.round(nanos)))}</text>
            </g>
          ))}
          {x.ticks.map((millis) => (
            <text key={millis} class="axis-label" x={x.toPixel(millis)} y={height + 16} text-anchor="middle">{formatMark(millis, x.stepMillis, x.spanMillis)}</text>
          ))}
          {points.map((point) => <Dot key={point.trace.traceId} point={point} x={x.toPixel(point.epochMillis)} y={y.toPixel(point.nanos)} fill={color(point.service)}
            outside={drawn !== undefined && !isInside(drawn, point)} />)}
          {shown && <circle class="dot-halo" cx={x.toPixel(shown.epochMillis)} cy={y.toPixel(shown.nanos)} r={8} />}
          {drawn && (
            <rect class="brush" data-testid="scatter-brush" x={x.toPixel(drawn.fromMillis)} width={x.toPixel(drawn.toMillis) - x.toPixel(drawn.fromMillis)}
              {...(drawn.latencies ? { y: y.toPixel(drawn.latencies.most), height: y.toPixel(drawn.latencies.least) - y.toPixel(drawn.latencies.most) } : { y: 0, height })} />
          )}
        </g>
      </svg>
      {shown && pointed && <Tooltip point={shown} x={x.toPixel(shown.epochMillis) + gutter.left} y={y.toPixel(shown.nanos) + gutter.top} width={width} />}
    </div>
  );
}

interface DotProps {
  readonly point: Point;
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  readonly outside: boolean;
}

/** Errors have another shape, not only another colour. */
function Dot({ point, x, y, fill, outside }: DotProps) {
  const marks = { "data-testid": "scatter-point", "data-trace-id": point.trace.traceId, "data-outside": outside, style: { fill } };
  return point.trace.errorCount > 0
    ? <path class="dot failed" {...marks} transform={`translate(${x},${y})`} d="M0-5.5 5.5 0 0 5.5-5.5 0Z" />
    : <circle class="dot" {...marks} cx={x} cy={y} r={3.5} />;
}

function Tooltip({ point, x, y, width }: { readonly point: Point; readonly x: number; readonly y: number; readonly width: number }) {
  const { trace } = point;
  return (
    <div class="tooltip" role="presentation" data-side={x > width / 2 ? "left" : "right"} style={{ left: `${x}px`, top: `${y}px` }}>
      <strong>{point.service} <span class="quiet">{rootName(trace, Date.now()).text}</span></strong>
      <span class="number">{formatDuration(BigInt(trace.durationNanos))} · {trace.spanCount.toLocaleString("en")} spans · {formatMomentBriefly(readNanos(trace.startTimeUnixNano), Date.now())}</span>
      {trace.errorCount > 0 && <span class="error-count"><ErrorIcon /> {trace.errorCount} {trace.errorCount === 1 ? "error" : "errors"}</span>}
    </div>
  );
}

function pointOf(trace: TraceSummary): Point {
  return { trace, service: trace.rootServiceName || trace.services[0]?.name || "", ...placeOf(trace) };
}

function isDrag({ from, to }: Brush): boolean {
  return Math.abs(to.x - from.x) >= dragMin;
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(0, value), most);
}
