import { useEffect, useRef, useState } from "preact/hooks";
import { fetchStatus, searchTraces, type ServerStatus, type TraceSummary } from "../../api/clew-api";
import type { ResultOrder } from "../../model/result-order";
import { looseningsOf, problemsOf, toRequest, writeQuery, type QueryProblem, type SearchQuery } from "../../model/search-query";
import { useKeys, useLoaded, type Loaded } from "../hooks";
import { useOwners } from "../owners";
import { ErrorIcon, SearchIcon, WarningIcon } from "../parts/icons";
import { Notice } from "../parts/notice";
import { GettingStarted } from "./getting-started";
import { focusQueryBox } from "./query-box";
import { Results, ResultsSkeleton } from "./results";
import { SearchForm } from "./search-form";

interface SearchPageProps {
  readonly query: SearchQuery;
  readonly services: readonly string[];
  reloadServices(): void;
}

export interface Answer {
  readonly traces: readonly TraceSummary[];
  /** Why there may be more than these. */
  readonly partial?: string;
  /** Which names of the query no span has. */
  readonly hints: readonly string[];
  /** Set when the query was answered with nothing because nothing was ever stored. */
  readonly emptyServer?: ServerStatus;
}

const autoRefreshMillis = 5000;

export function SearchPage({ query, services, reloadServices }: SearchPageProps) {
  const { navigation, colors } = useOwners();
  const [order, setOrder] = useState<ResultOrder>("newest");
  const [autoRefresh, setAutoRefresh] = useState(false);
  const problems = problemsOf(query);
  const key = problems.length === 0 ? writeQuery(query).toString() : undefined;
  const answer = useLoaded(key, (signal) => search(query, signal));
  if (answer.value) colors.addAll(answer.value.traces.flatMap((trace) => trace.services.map((service) => service.name)));

  const refresh = () => {
    answer.reload();
    reloadServices();
  };
  useKeys({ r: refresh, "/": focusQueryBox });
  // While nothing was ever received the page looks by itself, so that the first trace simply appears.
  useAutoRefresh((autoRefresh || answer.value?.emptyServer !== undefined) && !answer.loading, refresh);
  useEffect(() => {
    document.title = query.text || query.service ? `${query.text || query.service} · Clew` : "Clew";
  }, [query.text, query.service]);

  return (
    <div class="search-page">
      <SearchForm query={query} services={services} problems={[...problems, ...problemsOfServer(answer)]} busy={answer.loading}
        autoRefresh={autoRefresh} onAutoRefresh={setAutoRefresh} onRefresh={refresh}
        onSearch={(wanted) => writeQuery(wanted).toString() === key ? refresh() : navigation.go({ page: "search", query: wanted })} />
      <Outcome query={query} answer={answer} unanswerable={problems.length > 0} order={order} onOrder={setOrder} />
    </div>
  );
}

interface OutcomeProps {
  readonly query: SearchQuery;
  readonly answer: Loaded<Answer>;
  readonly unanswerable: boolean;
  readonly order: ResultOrder;
  onOrder(order: ResultOrder): void;
}

function Outcome({ query, answer, unanswerable, order, onOrder }: OutcomeProps) {
  const { navigation } = useOwners();
  const { value, error, loading } = answer;
  const refused = unanswerable || error?.status === 400;
  const hasResults = value !== undefined && value.traces.length > 0;
  if (refused && !hasResults)
    return <Notice testId="invalid-query" icon={<SearchIcon />} title="This search cannot be run"><p>What is wrong is said next to the field, above.</p></Notice>;
  if (error && !value)
    return (
      <Notice testId="error-state" icon={<ErrorIcon />} title="The search failed" alert>
        <p data-testid="error-message">{error.message}</p>
        <p><button type="button" class="button primary" data-testid="retry-button" onClick={answer.reload}>Retry</button></p>
      </Notice>
    );
  if (!value) return <ResultsSkeleton />;
  if (value.emptyServer) return <GettingStarted otlp={value.emptyServer.otlp} />;
  return (
    <>
      {refused && (
        <p class="banner" role="status" data-testid="stale-banner">
          <ErrorIcon /> <span>These are the results of the search before. This one cannot be run: what is wrong is said next to the field, above.</span>
        </p>
      )}
      {error && !refused && (
        <p class="banner" role="alert" data-testid="error-banner">
          <ErrorIcon /> <span>These results are not up to date. {error.message}</span>
          <button type="button" class="button" data-testid="retry-button" onClick={answer.reload}>Retry</button>
        </p>
      )}
      {value.partial && <p class="banner" role="status" data-testid="partial-banner"><WarningIcon /> <span>{value.partial}</span></p>}
      {value.traces.length > 0
        ? <Results key={writeQuery(query).toString()} traces={value.traces} query={query} order={order} onOrder={onOrder} stale={loading || refused} />
        : (
          <Notice testId="no-match-state" icon={<SearchIcon />} title="No trace matches">
            {value.hints.map((hint) => <p key={hint} data-testid="query-hint">{hint}</p>)}
            <p>Traces are stored, but none fits this search. You could ask for less:</p>
            <ul class="loosenings">
              {looseningsOf(query).map((loosening) => (
                <li key={loosening.label}>
                  <button type="button" class="button" onClick={() => navigation.go({ page: "search", query: loosening.query })}>{loosening.label}</button>
                </li>
              ))}
            </ul>
          </Notice>
        )}
    </>
  );
}

async function search(query: SearchQuery, signal: AbortSignal): Promise<Answer> {
  const { traces, partial, hints = [] } = await searchTraces(toRequest(query, Date.now()), signal);
  const status = traces.length === 0 ? await fetchStatus(signal) : undefined;
  return { traces, hints, ...(partial && { partial: partial.message }), ...(status?.spans === "0" && { emptyServer: status }) };
}

function problemsOfServer({ error }: Loaded<Answer>): readonly QueryProblem[] {
  if (error?.status !== 400) return [];
  const field = { q: "text", tag: "tags", tags: "tags", minDuration: "minDuration", maxDuration: "maxDuration", start: "range", end: "range" }[error.parameter ?? ""];
  return [{ field: (field ?? "form") as QueryProblem["field"], text: error.place?.reason ?? error.message }];
}

function useAutoRefresh(active: boolean, refresh: () => void): void {
  const newest = useRef(refresh);
  newest.current = refresh;
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => document.visibilityState === "visible" && newest.current(), autoRefreshMillis);
    return () => clearInterval(timer);
  }, [active]);
}
