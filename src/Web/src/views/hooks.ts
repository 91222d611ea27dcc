import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/clew-api";

/** Something loaded from the server. While a newer load runs or after it failed, `value` is still the last good one. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: ApiError | undefined;
  readonly loading: boolean;
  /** Which `key` the value belongs to. */
  readonly valueKey: string | undefined;
  reload(): void;
}

/** Loads whenever `key` changes; an undefined key loads nothing. A load that is overtaken is aborted, its answer ignored. */
export function useLoaded<T>(key: string | undefined, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "reload">>({ value: undefined, error: undefined, loading: key !== undefined, valueKey: undefined });
  const [turn, reload] = useReducer((count: number, _: void) => count + 1, 0);
  const newest = useLatest(load);
  useEffect(() => {
    if (key === undefined) {
      setState((last) => ({ ...last, error: undefined, loading: false }));
      return;
    }
    const abort = new AbortController();
    setState((last) => ({ ...last, loading: true }));
    newest.current(abort.signal).then(
      (value) => abort.signal.aborted || setState({ value, error: undefined, loading: false, valueKey: key }),
      (failure: unknown) => abort.signal.aborted || setState((last) => ({ ...last, error: asApiError(failure), loading: false })),
    );
    return () => abort.abort();
  }, [key, turn]);
  return { ...state, reload: useCallback(() => reload(), []) };
}

function asApiError(failure: unknown): ApiError {
  return failure instanceof ApiError ? failure : new ApiError(0, failure instanceof Error ? failure.message : String(failure));
}

/** Rerenders when an owner of state reports a change. */
export function useSubscription<T>(owner: { subscribe(listener: () => void): () => void }, read: () => T): T {
  const [, changed] = useReducer((count: number, _: void) => count + 1, 0);
  useEffect(() => owner.subscribe(() => changed()), [owner]);
  return read();
}

/** A reference to the newest value, for handlers that are installed once. */
export function useLatest<T>(value: T): { current: T } {
  const reference = useRef(value);
  reference.current = value;
  return reference;
}

/** A handler that returns false leaves the key to the browser. */
export type KeyHandlers = Readonly<Record<string, (event: KeyboardEvent) => void | boolean>>;

/**
 * Handles keys pressed anywhere on the page, by `KeyboardEvent.key`, or `"g s"` for one after the other. Keys typed into a field or
 * into an open dialog are left alone, as are combinations with Ctrl, Alt and Meta.
 */
export function useKeys(handlers: KeyHandlers): void {
  const newest = useLatest(handlers);
  // Before the page is drawn: what can be seen can be used.
  useLayoutEffect(() => {
    let before = "";
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const handler = newest.current[`${before} ${event.key}`] ?? newest.current[event.key];
      before = event.key;
      if (handler && handler(event) !== false) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

/** A dialog that has just been closed keeps the focus until the page is drawn again; keys that come meanwhile are for the page. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, dialog[open]") !== null;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of an element's content box in CSS pixels, kept up to date. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    if (!element.current) return;
    setSize({ width: element.current.clientWidth, height: element.current.clientHeight });
    const observer = new ResizeObserver(([entry]) => setSize({ width: entry.contentRect.width, height: entry.contentRect.height }));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return size;
}

/** The time now in milliseconds since the epoch, refreshed every `everyMillis`, for ages on screen. */
export function useNow(everyMillis: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMillis);
    return () => clearInterval(timer);
  }, [everyMillis]);
  return now;
}
