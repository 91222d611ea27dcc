import { useEffect, useRef, useState } from "preact/hooks";
import { servicePalette } from "../../base/service-palette";
import { isWhole, pan, shareOf, windowBetween, wholeWindow, type TimeWindow } from "../../model/time-window";
import type { Trace } from "../../model/trace";
import type { Theme } from "../../model/theme";
import type { ServiceColors } from "../../model/service-colors";
import { useSize, useSubscription } from "../hooks";
import { useOwners } from "../owners";

interface MinimapProps {
  readonly trace: Trace;
  readonly window: TimeWindow;
  onWindow(window: TimeWindow): void;
}

type Drag =
  | { readonly kind: "draw"; readonly anchor: number }
  | { readonly kind: "edge"; readonly anchor: number }
  | { readonly kind: "move"; readonly grabbedAt: number; readonly window: TimeWindow };

const height = 52;

/** The whole trace in a strip. Dragging over it draws the zoom window; the window can be moved and its edges pulled. */
export function Minimap({ trace, window, onWindow }: MinimapProps) {
  const { theme, colors } = useOwners();
  const current = useSubscription(theme, () => theme.current);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width } = useSize(frame);
  const [drag, setDrag] = useState<Drag>();
  useEffect(() => {
    if (canvas.current && width > 0) paint(canvas.current, trace, Math.floor(width), current, colors);
  }, [trace, width, current]);

  const offsetOf = (event: PointerEvent) => {
    const box = frame.current!.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * wholeWindow(trace.durationNanos).to;
  };
  const begin = (event: PointerEvent, wanted: (at: number) => Drag) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    frame.current!.setPointerCapture(event.pointerId);
    setDrag(wanted(offsetOf(event)));
  };
  const move = (event: PointerEvent) => {
    if (!drag) return;
    const at = offsetOf(event);
    if (drag.kind === "move") onWindow(pan(drag.window, at - drag.grabbedAt, trace.durationNanos));
    else if (Math.abs(at - drag.anchor) / wholeWindow(trace.durationNanos).to > 0.003) onWindow(windowBetween(drag.anchor, at, trace.durationNanos));
  };
  const zoomed = !isWhole(window, trace.durationNanos);
  const whole = wholeWindow(trace.durationNanos);
  const [left, right] = [shareOf(whole, window.from) * 100, shareOf(whole, window.to) * 100];
  return (
    <div class="minimap" ref={frame} data-testid="minimap" role="img" aria-label="Overview of the trace; drag to zoom" style={{ height: `${height}px` }}
      onPointerDown={(event) => begin(event, (anchor) => ({ kind: "draw", anchor }))} onPointerMove={move}
      onPointerUp={() => setDrag(undefined)} onPointerCancel={() => setDrag(undefined)} onDblClick={() => onWindow(whole)}>
      <canvas ref={canvas} />
      {zoomed && (
        <>
          <div class="minimap-shade" style={{ left: 0, width: `${left}%` }} />
          <div class="minimap-shade" style={{ left: `${right}%`, right: 0 }} />
          <div class="minimap-window" data-testid="minimap-window" style={{ left: `${left}%`, width: `${right - left}%` }}
            onPointerDown={(event) => begin(event, (grabbedAt) => ({ kind: "move", grabbedAt, window }))}>
            <div class="minimap-edge left" onPointerDown={(event) => begin(event, () => ({ kind: "edge", anchor: window.to }))} />
            <div class="minimap-edge right" onPointerDown={(event) => begin(event, () => ({ kind: "edge", anchor: window.from }))} />
          </div>
        </>
      )}
    </div>
  );
}

/** More spans than this would be lines too thin to see; they are drawn by depth instead, as in an icicle graph. */
const linesMax = 150;

/** One line per span, top to bottom in display order or by depth; errors last, so that no span covers one. */
function paint(canvas: HTMLCanvasElement, trace: Trace, width: number, theme: Theme, colors: ServiceColors): void {
  const density = Math.min(2, devicePixelRatio || 1);
  canvas.width = width * density;
  canvas.height = height * density;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(density, density);
  const padding = 5;
  const byDepth = trace.spanCount > linesMax;
  const step = Math.min(byDepth ? 8 : 5, (height - 2 * padding) / (byDepth ? trace.depthMax + 1 : trace.spanCount));
  const thickness = Math.max(1, byDepth ? step - 1 : Math.min(3, step * 0.7));
  const scale = width / Math.max(1, trace.durationNanos);
  const line = (row: number) =>
    context.fillRect(trace.startOffset[row] * scale, padding + (byDepth ? trace.depth[row] : row) * step, Math.max(1, Math.max(0, trace.duration[row]) * scale), thickness);
  const colorOf = trace.services.map((_, service) => servicePalette[colors.indexOf(trace.services[service].name)][theme]);
  context.globalAlpha = 0.9;
  for (let row = 0; row < trace.spanCount; row++) {
    context.fillStyle = colorOf[trace.service[row]];
    line(row);
  }
  context.globalAlpha = 1;
  context.fillStyle = getComputedStyle(canvas).getPropertyValue("color");
  for (let row = 0; row < trace.spanCount; row++) if (trace.failed[row]) line(row);
}
