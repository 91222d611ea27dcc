import type { Trace } from "./trace";

/** Which subtrees are folded, and the rows that remain visible. Immutable: each change gives a new one that shares the trace. */
export class Outline {
  /** Rows of the trace that are shown, in order. */
  readonly visible: Int32Array;

  private constructor(
    readonly trace: Trace,
    readonly collapsed: ReadonlySet<number>,
  ) {
    this.visible = visibleRows(trace, collapsed);
  }

  static open(trace: Trace): Outline {
    return new Outline(trace, new Set());
  }

  isCollapsed(row: number): boolean {
    return this.collapsed.has(row);
  }

  /** Position of a row among the visible ones, or of the collapsed ancestor that hides it. */
  positionOf(row: number): number {
    let low = 0;
    let high = this.visible.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.visible[middle] <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  toggle(row: number): Outline {
    return this.isCollapsed(row) ? this.expand(row) : this.collapse(row);
  }

  collapse(row: number): Outline {
    if (this.trace.childCount[row] === 0 || this.isCollapsed(row)) return this;
    return new Outline(this.trace, new Set(this.collapsed).add(row));
  }

  expand(row: number): Outline {
    if (!this.isCollapsed(row)) return this;
    const collapsed = new Set(this.collapsed);
    collapsed.delete(row);
    return new Outline(this.trace, collapsed);
  }

  /** Opens every ancestor of a row, so that the row itself is visible. */
  reveal(row: number): Outline {
    const collapsed = new Set(this.collapsed);
    for (let up = this.trace.parent[row]; up >= 0; up = this.trace.parent[up]) collapsed.delete(up);
    return collapsed.size === this.collapsed.size ? this : new Outline(this.trace, collapsed);
  }

  expandAll(): Outline {
    return this.collapsed.size === 0 ? this : Outline.open(this.trace);
  }

  /** Shows the spans of up to `depth` levels below the roots: 0 shows only roots. */
  collapseTo(depth: number): Outline {
    const collapsed = new Set<number>();
    for (let row = 0; row < this.trace.spanCount; row++)
      if (this.trace.depth[row] >= depth && this.trace.childCount[row] > 0) collapsed.add(row);
    return new Outline(this.trace, collapsed);
  }
}

function visibleRows(trace: Trace, collapsed: ReadonlySet<number>): Int32Array {
  const rows = new Int32Array(trace.spanCount);
  let count = 0;
  for (let row = 0; row < trace.spanCount; row = collapsed.has(row) ? trace.subtreeEnd[row] : row + 1) rows[count++] = row;
  return rows.subarray(0, count);
}
