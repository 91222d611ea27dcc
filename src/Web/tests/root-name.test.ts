import { describe, expect, it } from "vitest";
import { rootName } from "../src/model/root-name";
import type { TraceSummary } from "../src/api/clew-api";

const trace = (name: string): TraceSummary => ({
  traceId: "1".padStart(32, "0"), rootServiceName: name && "svc", rootOperationName: name, startTimeUnixNano: "1700000000000000000", durationNanos: "2000000000",
  spanCount: 1, errorCount: 0, services: [],
});

describe("the name of a trace", () => {
  it("is its root's operation", () => expect(rootName(trace("GET /"), 0)).toEqual({ text: "GET /", state: "named" }));
  it("is awaited while its spans may still be on the way", () => expect(rootName(trace(""), 1_700_000_031_000).state).toBe("awaited"));
  it("is missing once they had their time", () => expect(rootName(trace(""), 1_700_000_033_000).state).toBe("missing"));
});
