/**
 * The arithmetic of a long list of which only the rows in view exist. Browsers limit the height of an element, Firefox to less than
 * 18 million pixels, so a list of a million rows is scrolled through a shorter one: `scale` content pixels per pixel of scroll.
 */
export interface VirtualRows {
  /** Height of the element that makes the scroll bar, in pixels. */
  readonly scrollHeight: number;
  /** First row to render, and the row after the last. */
  readonly first: number;
  readonly end: number;
  /** Where the first rendered row's top is, in pixels from the top of the scrolled element. */
  readonly top: number;
}

export const scrollHeightMax = 8_000_000;
const overscan = 6;

export function virtualRows(count: number, rowHeight: number, viewHeight: number, scrollTop: number): VirtualRows {
  const contentHeight = count * rowHeight;
  const scrollHeight = Math.min(contentHeight, scrollHeightMax);
  const contentTop = toContent(contentHeight, scrollHeight, viewHeight, scrollTop);
  const first = Math.max(0, Math.floor(contentTop / rowHeight) - overscan);
  const end = Math.min(count, Math.ceil((contentTop + viewHeight) / rowHeight) + overscan);
  return { scrollHeight, first, end, top: first * rowHeight - contentTop + clampScroll(scrollHeight, viewHeight, scrollTop) };
}

/** The scroll position that brings a row into view with the least movement, leaving `margin` rows around it where there are any. */
export function scrollTopFor(row: number, count: number, rowHeight: number, viewHeight: number, scrollTop: number, margin = 1): number {
  const contentHeight = count * rowHeight;
  const scrollHeight = Math.min(contentHeight, scrollHeightMax);
  const contentTop = toContent(contentHeight, scrollHeight, viewHeight, scrollTop);
  const highest = Math.max(0, (row - margin) * rowHeight);
  const lowest = Math.min(Math.max(0, contentHeight - viewHeight), (row + 1 + margin) * rowHeight - viewHeight);
  const wanted = contentTop > highest ? highest : contentTop < lowest ? lowest : contentTop;
  return wanted === contentTop ? scrollTop : fromContent(contentHeight, scrollHeight, viewHeight, wanted);
}

function toContent(contentHeight: number, scrollHeight: number, viewHeight: number, scrollTop: number): number {
  const scrollable = scrollHeight - viewHeight;
  if (scrollable <= 0) return 0;
  return (clampScroll(scrollHeight, viewHeight, scrollTop) / scrollable) * (contentHeight - viewHeight);
}

function fromContent(contentHeight: number, scrollHeight: number, viewHeight: number, contentTop: number): number {
  const contentScrollable = contentHeight - viewHeight;
  return contentScrollable <= 0 ? 0 : (contentTop / contentScrollable) * (scrollHeight - viewHeight);
}

function clampScroll(scrollHeight: number, viewHeight: number, scrollTop: number): number {
  return Math.min(Math.max(0, scrollTop), Math.max(0, scrollHeight - viewHeight));
}
