import { flaw, type Trace } from "./trace";

export interface FlawLabel {
  readonly short: string;
  readonly long: string;
}

/** What is wrong with a span, in words: short for a badge, long for the details. */
export function flawLabels(trace: Trace, row: number): readonly FlawLabel[] {
  const bits = trace.flaws[row];
  if (bits === 0) return [];
  const { parentSpanId = "" } = trace.origins[row].span;
  const labels: FlawLabel[] = [];
  if (bits & flaw.orphan)
    labels.push({
      short: `parent ${parentSpanId.slice(0, 4)}… missing`,
      long: `Its parent, span ${parentSpanId}, is not in this trace: not yet arrived, dropped on the way, or never sent. It is shown as a root.`,
    });
  if (bits & flaw.cycle)
    labels.push({ short: "cycle", long: `Its parents, beginning with span ${parentSpanId}, lead back to it. The cycle is cut here, at its earliest span.` });
  if (bits & flaw.duplicate)
    labels.push({ short: "duplicate id", long: `${trace.rowsBySpanId.get(trace.spanIds[row])?.length ?? 2} spans have the id ${trace.spanIds[row]}. Children are shown below the earliest.` });
  if (bits & flaw.negativeDuration)
    labels.push({ short: "ends before start", long: "It says that it ended before it started; it is drawn as a point." });
  if (bits & flaw.startUnknown)
    labels.push({ short: "no start time", long: "It does not say when it started; it is drawn at the start of the trace." });
  return labels;
}
