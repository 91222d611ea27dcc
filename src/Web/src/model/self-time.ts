/**
 * The part of each span during which none of its children ran: its duration minus the union of its children's intervals, cut to
 * its own. Overlapping children count once; children outside the parent, as asynchronous work and wrong clocks produce, not at all.
 * @param parent rows of parents, which come before their children; siblings are ordered by start.
 */
export function selfTimes(parent: Int32Array, startOffset: Float64Array, duration: Float64Array): Float64Array {
  const self = Float64Array.from(duration, (nanos) => Math.max(0, nanos));
  // For each parent, how far its time is already covered by the children seen so far.
  const coveredTo = startOffset.slice();
  for (let row = 0; row < parent.length; row++) {
    const up = parent[row];
    if (up < 0) continue;
    const from = Math.max(startOffset[row], coveredTo[up]);
    const to = Math.min(startOffset[row] + Math.max(0, duration[row]), startOffset[up] + Math.max(0, duration[up]));
    if (to <= from) continue;
    self[up] -= to - from;
    coveredTo[up] = to;
  }
  return self;
}
