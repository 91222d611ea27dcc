import { useEffect, useId, useState } from "preact/hooks";
import { fetchAttributes, fetchAttributeValues, translateQuery, type QueryPlace } from "../../api/clew-api";
import { completeKeys, completeValues, lastWordOf } from "../../model/query-completion";
import { useLoaded } from "../hooks";
import { ErrorIcon, SearchIcon } from "../parts/icons";

interface QueryBoxProps {
  readonly text: string;
  /** What is shown is the answer to this text: what is wrong with it is no longer just unfinished. */
  readonly isSubmitted: boolean;
  /** What the search said is wrong. */
  readonly problem: string;
  onType(text: string): void;
}

const inputId = "query-input";

/** Typing is not interrupted by an opinion about every letter. */
const pauseMillis = 300;

export function focusQueryBox(): void {
  const input = document.getElementById(inputId);
  if (input instanceof HTMLInputElement) input.select();
  input?.focus();
}

/** Takes TraceQL or its simple form; says beneath what it understood, or where it did not. */
export function QueryBox({ text, isSubmitted, problem, onType }: QueryBoxProps) {
  const noteId = useId();
  const settled = useSettled(text.trim(), pauseMillis);
  const isSettled = settled === text.trim();
  const translation = useLoaded(settled || undefined, (signal) => translateQuery(settled, signal));
  const place = isSettled && settled !== "" ? translation.error?.place : undefined;
  const isWrong = isSubmitted && (place !== undefined || problem !== "");
  // While the next translation is on its way the last one stays, so that nothing jumps.
  const meaning = settled !== "" && !translation.error ? translation.value : undefined;
  return (
    <div class="field field-query">
      <label for={inputId}>Query</label>
      <span class="query-input">
        <SearchIcon />
        <input id={inputId} data-testid="query-input" value={text} placeholder="service=kv-cache duration>5ms   or   { kind = server } >> { status = error }"
          list={`${noteId}-completions`} spellcheck={false} autocomplete="off" autocapitalize="off" aria-invalid={isWrong || undefined} aria-describedby={noteId}
          onInput={(event) => onType(event.currentTarget.value)} />
        {text === "" && <kbd aria-hidden="true">/</kbd>}
      </span>
      <Completions id={`${noteId}-completions`} text={text} />
      <div id={noteId}>
        {place && <PlaceInQuery text={settled} place={place} isWrong={isSubmitted} />}
        {!place && problem !== "" && isSubmitted && <p class="field-problem" role="alert" data-testid="query-problem"><ErrorIcon /> {problem}</p>}
        {meaning?.form === "simple" && problem === "" && <p class="query-note" data-testid="query-translation"><span>means</span><code>{meaning.query}</code></p>}
      </div>
    </div>
  );
}

function PlaceInQuery({ text, place, isWrong }: { readonly text: string; readonly place: QueryPlace; readonly isWrong: boolean }) {
  const at = place.column - 1;
  return (
    <>
      <p class={isWrong ? "field-problem" : "query-note"} role={isWrong ? "alert" : "status"} data-testid="query-problem">{isWrong && <ErrorIcon />} {place.reason}</p>
      <p class="query-place" data-testid="query-place">{text.slice(0, at)}<mark>{text.slice(at, at + 1) || " "}</mark>{text.slice(at + 1)}</p>
    </>
  );
}

/** The browser's own list: it opens as one types, and is gone with Escape. */
function Completions({ id, text }: { readonly id: string; readonly text: string }) {
  const word = lastWordOf(text);
  const isTyped = text !== "";
  const names = useLoaded(isTyped ? "names" : undefined, fetchAttributes);
  const wanted = word.comparison === undefined ? "" : `${word.key}\n${word.value}`;
  const settled = useSettled(wanted, pauseMillis);
  const values = useLoaded(settled !== "" && settled === wanted ? settled : undefined, (signal) => fetchAttributeValues(word.key, word.value, signal));
  const completed = word.comparison === undefined
    ? completeKeys(word, (names.value ?? []).flatMap(({ key, name }) => [key, name]))
    : completeValues(word, values.valueKey === wanted ? values.value ?? [] : []);
  return <datalist id={id}>{completed.map((candidate) => <option key={candidate} value={candidate} />)}</datalist>;
}

/** A value that has not changed for a while. */
function useSettled(value: string, millis: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), millis);
    return () => clearTimeout(timer);
  }, [value, millis]);
  return settled;
}
