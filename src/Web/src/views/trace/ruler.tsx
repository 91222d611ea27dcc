import { useRef, useState } from "preact/hooks";
import { ticks } from "../../base/ticks";
import { formatDuration } from "../../base/nanos";
import { shareOf, windowBetween, type TimeWindow } from "../../model/time-window";

interface RulerProps {
  readonly window: TimeWindow;
  readonly durationNanos: number;
  readonly width: number;
  onWindow(window: TimeWindow): void;
}

/** The marks that fit a width, as offsets in nanoseconds. */
export function rulerTicks(window: TimeWindow, width: number): number[] {
  return ticks(window.from, window.to, Math.max(2, Math.floor(width / 110)));
}

/** The time axis above the waterfall. Dragging along it zooms. */
export function Ruler({ window, durationNanos, width, onWindow }: RulerProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number }>();
  const share = (event: PointerEvent) => {
    const box = frame.current!.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const offset = (part: number) => window.from + part * (window.to - window.from);
  const finish = () => {
    if (drag && Math.abs(drag.to - drag.from) > 0.005) onWindow(windowBetween(offset(drag.from), offset(drag.to), durationNanos));
    setDrag(undefined);
  };
  return (
    <div class="ruler" ref={frame} data-testid="ruler" title="Drag to zoom"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        frame.current!.setPointerCapture(event.pointerId);
        setDrag({ from: share(event), to: share(event) });
      }}
      onPointerMove={(event) => drag && setDrag({ ...drag, to: share(event) })} onPointerUp={finish} onPointerCancel={() => setDrag(undefined)}>
      {rulerTicks(window, width).map((at) => {
        const left = shareOf(window, at);
        // The last mark often has no room for its label.
        return left <= 0.95 && <span key={at} class="ruler-label number" style={{ left: `${left * 100}%` }}>{formatDuration(BigInt(Math.round(at)))}</span>;
      })}
      {drag && <div class="ruler-selection" style={{ left: `${Math.min(drag.from, drag.to) * 100}%`, width: `${Math.abs(drag.to - drag.from) * 100}%` }} />}
    </div>
  );
}
