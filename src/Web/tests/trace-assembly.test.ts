import { expect, test } from "vitest";
import type { OtlpSpan } from "../src/api/otlp";
import { flawLabels } from "../src/model/flaw-labels";
import { assembleTrace } from "../src/model/trace-assembly";
import { flaw, referenceOf, rowOf } from "../src/model/trace";
import { assemble, drawn, otlp, span, traceStart } from "./traces";
import { forSeeds, type Random } from "./random";

test("children follow their parent by start, whatever the order of arrival", () => {
  const trace = assemble(span("d", "b", 30, 35), span("c", "a", 50, 60), span("b", "a", 10, 40), span("a", "", 0, 100));
  expect(drawn(trace)).toBe("a(b(d) c)");
  expect([...trace.depth]).toEqual([0, 1, 2, 1]);
  expect(trace.rootRow).toBe(0);
  expect(trace.durationNanos).toBe(100);
  expect(trace.startNanos).toBe(traceStart);
});

test("self time is what no child covers, overlapping children counted once and children outside not at all", () => {
  const trace = assemble(span("a", "", 0, 100), span("b", "a", 10, 40), span("c", "a", 30, 50), span("d", "a", 90, 300), span("e", "a", 400, 500));
  expect(trace.selfTime[0]).toBe(100 - 40 - 10);
});

test("spans whose parent is missing are roots of their own, those of one parent together, after the true roots", () => {
  const trace = assemble(span("a", "f0", 0, 5), span("b", "f1", 1, 5), span("c", "f0", 2, 5), span("r", "", 3, 9));
  expect(drawn(trace)).toBe("r a c b");
  expect([...trace.flaws]).toEqual([0, flaw.orphan, flaw.orphan, flaw.orphan]);
  expect(trace.rootRow).toBe(0);
  expect(flawLabels(trace, 1)[0].short).toBe("parent 0000… missing");
});

test("a trace of orphans alone has no root", () => expect(assemble(span("a", "f0", 0, 5)).rootRow).toBe(-1));

test("spans that share an id are all shown, children below the earliest, and each can be referred to", () => {
  const trace = assemble(span("a", "", 0, 9), span("b", "a", 4, 6), span("b", "a", 2, 3), span("c", "b", 2, 3));
  expect(drawn(trace)).toBe("a(b(c) b)");
  expect([...trace.flaws]).toEqual([0, flaw.duplicate, 0, flaw.duplicate]);
  expect(referenceOf(trace, 3)).toEqual({ spanId: trace.spanIds[3], occurrence: 2 });
  expect(rowOf(trace, referenceOf(trace, 3))).toBe(3);
});

test("a cycle is cut at its earliest span, which becomes a root", () => {
  const trace = assemble(span("a", "c", 5, 9), span("b", "a", 1, 9), span("c", "b", 3, 9), span("d", "a", 6, 7));
  expect(drawn(trace)).toBe("b(c(a(d)))");
  expect([...trace.flaws]).toEqual([flaw.cycle, 0, 0, 0]);
  expect(trace.rootRow).toBe(-1);
});

test("a span that is its own parent becomes a root", () => {
  const trace = assemble(span("a", "a", 0, 9), span("b", "a", 1, 2));
  expect(drawn(trace)).toBe("a(b)");
  expect(trace.flaws[0]).toBe(flaw.cycle);
});

test("a span that ends before it starts keeps its negative duration and adds nothing to the trace's", () => {
  const trace = assemble(span("a", "", 10, 20), span("b", "a", 15, 3));
  expect(trace.flaws[1]).toBe(flaw.negativeDuration);
  expect(trace.duration[1]).toBe(-12);
  expect(trace.durationNanos).toBe(10);
  expect(trace.selfTime[0]).toBe(10);
});

test("a span without a start time does not move the start of the trace to 1970", () => {
  const trace = assemble(span("a", "", 10, 20), { spanId: "b".padStart(16, "0"), name: "b" });
  expect(trace.startNanos).toBe(traceStart + 10n);
  expect(trace.flaws[trace.spanIds.findIndex((id) => id.endsWith("b"))]).toBe(flaw.startUnknown);
});

test("a parent id of zeros means no parent", () => expect(assemble(span("a", "", 0, 1, { parentSpanId: "0".repeat(16) })).rootRow).toBe(0));

test("services are counted with their errors", () => {
  const failed = { status: { code: 2 } };
  const trace = assembleTrace("t", { resourceSpans: [...otlp(["api", span("a", "", 0, 9, failed)], ["db", span("b", "a", 1, 2)], ["api", span("c", "b", 1, 2, failed)]).resourceSpans!, { scopeSpans: [{ spans: [span("d", "a", 3, 4)] }] }] })!;
  expect(trace.services).toEqual([{ name: "api", spanCount: 2, errorCount: 2 }, { name: "db", spanCount: 1, errorCount: 0 }, { name: "missing-service-name", spanCount: 1, errorCount: 0 }]);
  expect(trace.errorsBelow[0]).toBe(1);
});

test("a trace knows how many copies the server left out", () => {
  expect(assembleTrace("t", { identicalCopiesLeftOut: 3, ...otlp(["api", span("a", "", 0, 9)]) })).toMatchObject({ copiesLeftOut: 3, spanCount: 1, flawedCount: 0 });
  expect(assemble(span("a", "", 0, 9)).copiesLeftOut).toBe(0);
});

test("an answer without spans is no trace", () => expect(assembleTrace("t", { resourceSpans: [{ scopeSpans: [{}] }] })).toBeUndefined());

test("a chain of 200,000 spans is assembled", () => {
  const chain = Array.from({ length: 200_000 }, (_, index) => span((index + 1).toString(16), index === 0 ? "" : index.toString(16), index, 200_000));
  const trace = assembleTrace("t", { resourceSpans: [{ scopeSpans: [{ spans: chain }] }] })!;
  expect(trace.depthMax).toBe(199_999);
  expect(trace.subtreeEnd[0]).toBe(200_000);
});

test("however broken a trace is, every span is shown once, parents before children, subtrees unbroken", () =>
  forSeeds(400, (random) => {
    const spans = Array.from({ length: 1 + random.below(40) }, () => randomSpan(random));
    const trace = assemble(...spans);
    expect(trace.origins.map((origin) => spans.indexOf(origin.span)).sort((a, b) => a - b)).toEqual(spans.map((_, index) => index));
    for (let row = 0; row < trace.spanCount; row++) {
      const up = trace.parent[row];
      expect(up).toBeLessThan(row);
      expect(trace.subtreeEnd[row]).toBeGreaterThan(row);
      expect(trace.selfTime[row]).toBeGreaterThanOrEqual(0);
      if (up >= 0) {
        expect(trace.spanIds[up]).toBe(trace.origins[row].span.parentSpanId);
        expect(trace.subtreeEnd[row]).toBeLessThanOrEqual(trace.subtreeEnd[up]);
      } else expect(Boolean(trace.origins[row].span.parentSpanId)).toBe((trace.flaws[row] & (flaw.orphan | flaw.cycle)) !== 0);
    }
  }));

/** Few ids, so that duplicates, cycles and missing parents are common. */
function randomSpan(random: Random): OtlpSpan {
  const start = random.below(50);
  return span((1 + random.below(25)).toString(16), random.below(5) === 0 ? "" : (1 + random.below(30)).toString(16), start, start + random.below(40) - 5);
}
