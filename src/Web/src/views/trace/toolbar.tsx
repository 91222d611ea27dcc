import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { formatDuration } from "../../base/nanos";
import { isWhole, type TimeWindow } from "../../model/time-window";
import { CloseIcon, CollapseAllIcon, DownIcon, ExpandAllIcon, SearchIcon, UpIcon } from "../parts/icons";

interface ToolbarProps {
  readonly findBox: RefObject<HTMLInputElement | null>;
  readonly findText: string;
  readonly matchCount: number;
  /** Which match the cursor is on, from 0; -1 when on none. */
  readonly matchPosition: number;
  readonly depthMax: number;
  readonly shownCount: number;
  readonly spanCount: number;
  readonly window: TimeWindow;
  readonly durationNanos: number;
  onFind(text: string): void;
  onStep(direction: 1 | -1): void;
  onExpandAll(): void;
  onCollapseTo(depth: number): void;
  onResetZoom(): void;
}

/** Levels that can be chosen by number; deeper traces are folded by hand. */
const levelsMax = 8;

export function Toolbar(props: ToolbarProps) {
  const { window, durationNanos, depthMax, shownCount, spanCount } = props;
  const levels = Math.min(levelsMax, depthMax);
  return (
    <div class="toolbar" role="toolbar" aria-label="Waterfall">
      <FindBox {...props} />
      <div class="toolbar-group">
        <button type="button" class="icon-button" data-testid="expand-all" aria-label="Expand all" title="Expand all" onClick={props.onExpandAll}><ExpandAllIcon /></button>
        <button type="button" class="icon-button" data-testid="collapse-all" aria-label="Collapse all" title="Collapse all" onClick={() => props.onCollapseTo(0)}><CollapseAllIcon /></button>
        {levels > 0 && (
          <select class="compact" data-testid="collapse-depth" aria-label="Show levels" title="Collapse below a level" value=""
            onChange={(event) => { props.onCollapseTo(Number(event.currentTarget.value)); event.currentTarget.value = ""; }}>
            <option value="" disabled>Levels</option>
            {Array.from({ length: levels }, (_, depth) => <option key={depth} value={depth}>{depth === 0 ? "Roots only" : `${depth + 1} levels`}</option>)}
          </select>
        )}
        <span class="quiet number" data-testid="shown-count">
          {shownCount === spanCount ? "" : `${shownCount.toLocaleString("en")} of `}{spanCount.toLocaleString("en")} {spanCount === 1 ? "span" : "spans"}
        </span>
      </div>
      {!isWhole(window, durationNanos) && (
        <button type="button" class="button" data-testid="reset-zoom" title="Show the whole trace (z)" onClick={props.onResetZoom}>
          <span class="number">{formatDuration(BigInt(Math.round(window.from)))} – {formatDuration(BigInt(Math.round(window.to)))}</span> <CloseIcon />
        </button>
      )}
    </div>
  );
}

const typingPauseMillis = 120;

function FindBox({ findBox, findText, matchCount, matchPosition, onFind, onStep }: ToolbarProps) {
  const [typed, setTyped] = useState(findText);
  useEffect(() => setTyped(findText), [findText]);
  useEffect(() => {
    if (typed === findText) return;
    const timer = setTimeout(() => onFind(typed), typingPauseMillis);
    return () => clearTimeout(timer);
  }, [typed]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (typed !== findText) onFind(typed);
      else onStep(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      onFind("");
      setTyped("");
      findBox.current?.blur();
    }
  };
  const searching = findText.trim() !== "";
  return (
    <div class="find" role="search">
      <SearchIcon />
      <input ref={findBox} data-testid="find-box" aria-label="Find in trace" placeholder="Find in trace" spellcheck={false} autocomplete="off"
        value={typed} onInput={(event) => setTyped(event.currentTarget.value)} onKeyDown={onKey} />
      {searching
        ? <span class="number quiet" role="status" data-testid="find-count">{matchCount === 0 ? "none" : `${matchPosition >= 0 ? matchPosition + 1 : "–"}/${matchCount.toLocaleString("en")}`}</span>
        : <kbd aria-hidden="true">/</kbd>}
      {searching && matchCount > 0 && (
        <>
          <button type="button" class="icon-button small" aria-label="Previous match" title="Previous match (N)" onClick={() => onStep(-1)}><UpIcon /></button>
          <button type="button" class="icon-button small" aria-label="Next match" title="Next match (n)" onClick={() => onStep(1)}><DownIcon /></button>
        </>
      )}
    </div>
  );
}
