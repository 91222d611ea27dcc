import { statusCode, type OtlpTraces } from "../api/otlp";
import { readNanos, type Nanos } from "../base/nanos";
import { selfTimes } from "./self-time";
import { serviceName } from "./service-name";
import { flaw, type SpanOrigin, type Trace, type TraceService } from "./trace";

/** Assembles the tree of a trace from its spans in any order, however broken. Returns undefined when there is no span at all. */
export function assembleTrace(traceId: string, otlp: OtlpTraces): Trace | undefined {
  const arrival = readArrival(otlp);
  if (arrival.origins.length === 0) return undefined;
  const tree = linkTree(arrival);
  const order = displayOrder(arrival, tree);
  return columnsInOrder(traceId, otlp.identicalCopiesLeftOut ?? 0, arrival, tree, order);
}

/** Columns in the order in which the spans came. */
interface Arrival {
  readonly origins: SpanOrigin[];
  readonly serviceNames: string[];
  readonly service: Int32Array;
  readonly startNanos: Nanos;
  readonly startOffset: Float64Array;
  readonly duration: Float64Array;
  readonly flaws: Uint8Array;
}

function readArrival(otlp: OtlpTraces): Arrival {
  const origins: SpanOrigin[] = [];
  const serviceNames: string[] = [];
  const serviceIndex = new Map<string, number>();
  const services: number[] = [];
  for (const { resource = {}, schemaUrl: resourceSchemaUrl = "", scopeSpans = [] } of otlp.resourceSpans ?? []) {
    const name = serviceName(resource);
    let index = serviceIndex.get(name);
    if (index === undefined) serviceIndex.set(name, (index = serviceNames.push(name) - 1));
    for (const { scope = {}, schemaUrl: scopeSchemaUrl = "", spans = [] } of scopeSpans)
      for (const span of spans) {
        origins.push({ span, resource, resourceSchemaUrl, scope, scopeSchemaUrl });
        services.push(index);
      }
  }
  return { origins, serviceNames, service: Int32Array.from(services), ...readTimes(origins) };
}

function readTimes(origins: readonly SpanOrigin[]) {
  const starts = origins.map(({ span }) => readNanos(span.startTimeUnixNano));
  let startNanos = 0n;
  for (const start of starts) if (start !== 0n && (startNanos === 0n || start < startNanos)) startNanos = start;
  const startOffset = new Float64Array(origins.length);
  const duration = new Float64Array(origins.length);
  const flaws = new Uint8Array(origins.length);
  origins.forEach(({ span }, index) => {
    const start = starts[index];
    if (start === 0n) {
      flaws[index] |= flaw.startUnknown;
      return;
    }
    startOffset[index] = Number(start - startNanos);
    duration[index] = Number(readNanos(span.endTimeUnixNano) - start);
    if (duration[index] < 0) flaws[index] |= flaw.negativeDuration;
  });
  return { startNanos, startOffset, duration, flaws };
}

/** Who is whose child, by arrival index, and the roots in display order. Children are ordered by start. */
interface Tree {
  readonly parent: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  readonly roots: readonly number[];
}

function linkTree({ origins, startOffset, flaws }: Arrival): Tree {
  const count = origins.length;
  const byStart = Uint32Array.from({ length: count }, (_, index) => index)
    .sort((left, right) => startOffset[left] - startOffset[right] || left - right);
  const firstById = new Map<string, number>();
  for (const index of byStart) {
    const id = origins[index].span.spanId ?? "";
    const first = firstById.get(id);
    if (first === undefined) firstById.set(id, index);
    else {
      flaws[first] |= flaw.duplicate;
      flaws[index] |= flaw.duplicate;
    }
  }
  const parent = new Int32Array(count).fill(-1);
  for (let index = 0; index < count; index++) {
    const parentId = origins[index].span.parentSpanId;
    if (!parentId || /^0+$/.test(parentId)) continue;
    const found = firstById.get(parentId);
    if (found === undefined) flaws[index] |= flaw.orphan;
    else parent[index] = found;
  }
  cutCycles(byStart, parent, flaws);
  return { parent, ...linkChildren(byStart, parent), roots: orderRoots(byStart, parent, flaws, origins) };
}

/** Makes the earliest span of every cycle a root, so that every span has exactly one way up. */
function cutCycles(byStart: Uint32Array, parent: Int32Array, flaws: Uint8Array): void {
  // 0: not seen; otherwise the number of the walk that saw it first. Meeting the own walk again closes a cycle.
  const seenBy = new Uint32Array(parent.length);
  const rank = new Uint32Array(parent.length);
  byStart.forEach((index, position) => (rank[index] = position));
  for (let walk = 1; walk <= byStart.length; walk++) {
    let at = byStart[walk - 1] as number;
    while (at >= 0 && seenBy[at] === 0) {
      seenBy[at] = walk;
      at = parent[at];
    }
    if (at < 0 || seenBy[at] !== walk) continue;
    let earliest = at;
    for (let around = parent[at]; around !== at; around = parent[around]) if (rank[around] < rank[earliest]) earliest = around;
    parent[earliest] = -1;
    flaws[earliest] |= flaw.cycle;
  }
}

function linkChildren(byStart: Uint32Array, parent: Int32Array) {
  const firstChild = new Int32Array(parent.length).fill(-1);
  const nextSibling = new Int32Array(parent.length).fill(-1);
  for (let position = byStart.length - 1; position >= 0; position--) {
    const index = byStart[position];
    if (parent[index] < 0) continue;
    nextSibling[index] = firstChild[parent[index]];
    firstChild[parent[index]] = index;
  }
  return { firstChild, nextSibling };
}

/** True roots first, then orphans with those of one missing parent together, then what was cut from cycles; each by start. */
function orderRoots(byStart: Uint32Array, parent: Int32Array, flaws: Uint8Array, origins: readonly SpanOrigin[]): number[] {
  const roots: number[] = [];
  const orphans = new Map<string, number[]>();
  const cut: number[] = [];
  for (const index of byStart) {
    if (parent[index] >= 0) continue;
    if (flaws[index] & flaw.cycle) cut.push(index);
    else if (flaws[index] & flaw.orphan) {
      const missing = origins[index].span.parentSpanId ?? "";
      const group = orphans.get(missing);
      if (group) group.push(index);
      else orphans.set(missing, [index]);
    } else roots.push(index);
  }
  return [...roots, ...[...orphans.values()].flat(), ...cut];
}

/** Arrival indices, depth first. Iterative: a chain of a million spans must not need a million stack frames. */
function displayOrder({ origins }: Arrival, { parent, firstChild, nextSibling, roots }: Tree): Int32Array {
  const order = new Int32Array(origins.length);
  let row = 0;
  for (const root of roots) {
    let at = root;
    for (;;) {
      order[row++] = at;
      if (firstChild[at] >= 0) {
        at = firstChild[at];
        continue;
      }
      while (at !== root && nextSibling[at] < 0) at = parent[at];
      if (at === root) break;
      at = nextSibling[at];
    }
  }
  return order;
}

function columnsInOrder(traceId: string, copiesLeftOut: number, arrival: Arrival, tree: Tree, order: Int32Array): Trace {
  const count = order.length;
  const rowOfArrival = new Int32Array(count);
  order.forEach((index, row) => (rowOfArrival[index] = row));
  const inOrder = <T extends Int32Array | Float64Array | Uint8Array>(column: T, result: T): T => {
    for (let row = 0; row < count; row++) result[row] = column[order[row]];
    return result;
  };
  const origins = Array.from(order, (index) => arrival.origins[index]);
  const parent = Int32Array.from(order, (index) => (tree.parent[index] < 0 ? -1 : rowOfArrival[tree.parent[index]]));
  const startOffset = inOrder(arrival.startOffset, new Float64Array(count));
  const duration = inOrder(arrival.duration, new Float64Array(count));
  const flaws = inOrder(arrival.flaws, new Uint8Array(count));
  const service = inOrder(arrival.service, new Int32Array(count));
  const failed = Uint8Array.from(origins, ({ span }) => (span.status?.code === statusCode.error ? 1 : 0));
  const shape = measureShape(parent, failed);
  const services = countServices(arrival.serviceNames, service, failed);
  const spanIds = origins.map(({ span }) => span.spanId ?? "");
  return {
    traceId,
    spanCount: count,
    copiesLeftOut,
    startNanos: arrival.startNanos,
    durationNanos: endOf(startOffset, duration),
    errorCount: failed.reduce((sum, value) => sum + value, 0),
    flawedCount: flaws.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0),
    services,
    rootRow: parent.findIndex((up, row) => up < 0 && (flaws[row] & (flaw.orphan | flaw.cycle)) === 0),
    rootCount: tree.roots.length,
    origins,
    spanIds,
    names: origins.map(({ span }) => span.name ?? ""),
    parent,
    ...shape,
    startOffset,
    duration,
    selfTime: selfTimes(parent, startOffset, duration),
    service,
    failed,
    flaws,
    rowsBySpanId: groupRows(spanIds),
  };
}

function measureShape(parent: Int32Array, failed: Uint8Array) {
  const count = parent.length;
  const depth = new Int32Array(count);
  const childCount = new Int32Array(count);
  const subtreeEnd = new Int32Array(count);
  const errorsBelow = new Int32Array(count);
  let depthMax = 0;
  for (let row = 0; row < count; row++) {
    subtreeEnd[row] = row + 1;
    if (parent[row] < 0) continue;
    depth[row] = depth[parent[row]] + 1;
    depthMax = Math.max(depthMax, depth[row]);
    childCount[parent[row]]++;
  }
  // Parents come before children, so backwards every subtree is complete before it is added to its parent's.
  for (let row = count - 1; row >= 0; row--) {
    const up = parent[row];
    if (up < 0) continue;
    subtreeEnd[up] = Math.max(subtreeEnd[up], subtreeEnd[row]);
    errorsBelow[up] += errorsBelow[row] + failed[row];
  }
  return { depth, depthMax, childCount, subtreeEnd, errorsBelow };
}

function countServices(names: readonly string[], service: Int32Array, failed: Uint8Array): TraceService[] {
  const services = names.map((name) => ({ name, spanCount: 0, errorCount: 0 }));
  service.forEach((index, row) => {
    services[index].spanCount++;
    services[index].errorCount += failed[row];
  });
  return services;
}

function groupRows(spanIds: readonly string[]): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  spanIds.forEach((id, row) => {
    const known = rows.get(id);
    if (known) known.push(row);
    else rows.set(id, [row]);
  });
  return rows;
}

function endOf(startOffset: Float64Array, duration: Float64Array): number {
  let end = 0;
  for (let row = 0; row < startOffset.length; row++) end = Math.max(end, startOffset[row] + Math.max(0, duration[row]));
  return end;
}
