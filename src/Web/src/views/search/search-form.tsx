import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { fetchOperations } from "../../api/clew-api";
import { fromLocalInput, toLocalInput } from "../../base/calendar";
import { fromEpochMillis, hour, second } from "../../base/nanos";
import { limits, lookbacks, onlyText, writeQuery, type LookbackName, type QueryProblem, type SearchQuery, type TimeRange } from "../../model/search-query";
import { useLoaded } from "../hooks";
import { ErrorIcon, RefreshIcon, SearchIcon } from "../parts/icons";
import { QueryBox } from "./query-box";

interface SearchFormProps {
  readonly query: SearchQuery;
  readonly services: readonly string[];
  readonly problems: readonly QueryProblem[];
  readonly busy: boolean;
  readonly autoRefresh: boolean;
  onSearch(query: SearchQuery): void;
  onRefresh(): void;
  onAutoRefresh(on: boolean): void;
}

/** The form holds a draft; the query of the address bar changes when it is submitted, or when something is picked from a list. */
export function SearchForm({ query, services, problems, busy, autoRefresh, onSearch, onRefresh, onAutoRefresh }: SearchFormProps) {
  const [draft, setDraft] = useState(query);
  const queryKey = writeQuery(query).toString();
  useEffect(() => setDraft(query), [queryKey]);
  const operations = useLoaded(draft.service || undefined, (signal) => fetchOperations(draft.service, signal));
  const operationNames = operations.valueKey === draft.service ? [...new Set((operations.value ?? []).map((operation) => operation.name))].sort() : [];

  const hasText = draft.text.trim() !== "";
  const type = (change: Partial<SearchQuery>) => setDraft({ ...draft, ...change });
  const pick = (change: Partial<SearchQuery>) => {
    const changed = onlyText({ ...draft, ...change });
    setDraft(changed);
    onSearch(changed);
  };
  const problemOf = (...fields: QueryProblem["field"][]) => problems.filter((problem) => fields.includes(problem.field)).map((problem) => problem.text).join(" ");

  return (
    <form class="search-form" data-testid="search-form" aria-label="Search traces" onSubmit={(event) => { event.preventDefault(); pick({}); }}>
      <QueryBox text={draft.text} isSubmitted={draft.text.trim() === query.text.trim()} problem={problemOf("text")} onType={(text) => type({ text })} />
      <Field label="Service" class="field-service">
        {(id) => (
          <select id={id} data-testid="service-select" value={hasText ? "" : draft.service} disabled={hasText} onChange={(event) => pick({ service: event.currentTarget.value, operation: "" })}>
            <option value="">Any service</option>
            {withCurrent(services, draft.service).map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        )}
      </Field>
      <Field label="Operation" class="field-operation">
        {(id) => (
          <select id={id} data-testid="operation-select" value={hasText ? "" : draft.operation} disabled={hasText || (!draft.service && !draft.operation)}
            title={draft.service || hasText ? undefined : "Choose a service first"} onChange={(event) => pick({ operation: event.currentTarget.value })}>
            <option value="">Any operation</option>
            {withCurrent(operationNames, draft.operation).map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        )}
      </Field>
      <Field label="Tags" class="field-tags" problem={problemOf("tags")}>
        {(id, wrong) => (
          <input id={id} data-testid="tags-input" value={hasText ? "" : draft.tags} disabled={hasText} placeholder={'error=true  model.name="llama 3.3 70b"'} {...wrong} {...plainText}
            onInput={(event) => type({ tags: event.currentTarget.value })} />
        )}
      </Field>
      <Field label="Duration" class="field-duration" problem={problemOf("minDuration", "maxDuration")}>
        {(id, wrong) => (
          <span class="pair">
            <input id={id} data-testid="min-duration-input" aria-label="Shortest duration" value={hasText ? "" : draft.minDuration} disabled={hasText} placeholder="min 100ms" {...(problemOf("minDuration") && wrong)} {...plainText}
              onInput={(event) => type({ minDuration: event.currentTarget.value })} />
            <span aria-hidden="true">–</span>
            <input data-testid="max-duration-input" aria-label="Longest duration" value={hasText ? "" : draft.maxDuration} disabled={hasText} placeholder="max 1.2s" {...(problemOf("maxDuration") && wrong)} {...plainText}
              onInput={(event) => type({ maxDuration: event.currentTarget.value })} />
          </span>
        )}
      </Field>
      <RangeField range={draft.range} problem={problemOf("range")} onPick={(range) => pick({ range })} onType={(range) => type({ range })} />
      <Field label="Limit" class="field-limit">
        {(id) => (
          <select id={id} data-testid="limit-select" value={String(draft.limit)} onChange={(event) => pick({ limit: Number(event.currentTarget.value) })}>
            {withCurrent(limits.map(String), String(draft.limit)).map((limit) => <option key={limit} value={limit}>{limit}</option>)}
          </select>
        )}
      </Field>
      <div class="search-actions">
        <label class="switch" title="Search again every 5 seconds">
          <input type="checkbox" data-testid="auto-refresh-toggle" checked={autoRefresh} onChange={(event) => onAutoRefresh(event.currentTarget.checked)} />
          <span>Auto</span>
        </label>
        <button type="button" class="button square" data-testid="refresh-button" aria-label="Refresh" title="Refresh (r)" data-busy={busy} onClick={onRefresh}><RefreshIcon /></button>
        <button type="submit" class="button primary" data-testid="search-button"><SearchIcon /><span>Search</span></button>
      </div>
      {problemOf("form") && <p class="form-problem" role="alert" data-testid="form-error"><ErrorIcon /> {problemOf("form")}</p>}
    </form>
  );
}

/** Tags and durations are not prose. */
const plainText = { spellcheck: false, autocomplete: "off", autocapitalize: "off" } as const;

/** A link may ask for a name that the lists do not (or not yet) have: it is shown all the same. */
function withCurrent(names: readonly string[], current: string): readonly string[] {
  return current === "" || names.includes(current) ? names : [current, ...names];
}

interface FieldProps {
  readonly label: string;
  readonly class: string;
  readonly problem?: string;
  children(id: string, wrong: { "aria-invalid"?: boolean; "aria-describedby"?: string }): ComponentChildren;
}

function Field({ label, class: name, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div class={`field ${name}`}>
      <label for={id}>{label}</label>
      {children(id, problem ? { "aria-invalid": true, "aria-describedby": `${id}-problem` } : {})}
      {problem && <p id={`${id}-problem`} class="field-problem" role="alert" data-testid="form-error"><ErrorIcon /> {problem}</p>}
    </div>
  );
}

interface RangeFieldProps {
  readonly range: TimeRange;
  readonly problem: string;
  onPick(range: TimeRange): void;
  onType(range: TimeRange): void;
}

function RangeField({ range, problem, onPick, onType }: RangeFieldProps) {
  const pick = (name: string) => {
    if (name !== "custom") return onPick({ kind: "last", name: name as LookbackName });
    const now = fromEpochMillis(Date.now());
    onType({ kind: "between", start: now - hour, end: now });
  };
  return (
    <>
      <Field label="Time" class="field-range" {...(range.kind === "last" && { problem })}>
        {(id) => (
          <select id={id} data-testid="range-select" value={range.kind === "last" ? range.name : "custom"} onChange={(event) => pick(event.currentTarget.value)}>
            {Object.entries(lookbacks).map(([name, { label }]) => <option key={name} value={name}>{label}</option>)}
            <option value="custom">Custom range</option>
          </select>
        )}
      </Field>
      {range.kind === "between" && (
        <Field label="From, to" class="field-between" problem={problem}>
          {(id, wrong) => (
            <span class="pair">
              <input id={id} type="datetime-local" step="1" data-testid="range-start-input" aria-label="From" value={toLocalInput(range.start)} {...wrong}
                onChange={(event) => onType({ ...range, start: fromLocalInput(event.currentTarget.value) ?? range.start })} />
              <span aria-hidden="true">–</span>
              <input type="datetime-local" step="1" data-testid="range-end-input" aria-label="To" value={toLocalInput(range.end)} {...wrong}
                onChange={(event) => onType({ ...range, end: endOfSecond(fromLocalInput(event.currentTarget.value)) ?? range.end })} />
            </span>
          )}
        </Field>
      )}
    </>
  );
}

/** The field shows whole seconds; the last one is meant to be included. */
function endOfSecond(nanos: bigint | undefined): bigint | undefined {
  return nanos === undefined ? undefined : nanos + second - 1n;
}
