using System.Collections.Immutable;
using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Searching;

/// <summary>One search for traces.</summary>
/// <remarks>
/// <para>First, candidates: the store names the traces with the newest spans that meet what can be asked of single spans, some at a time; each is fetched whole, from
/// wherever its spans are, and decided. Most searches fill their answer so.</para>
/// <para>When many candidates were fetched for little, the rest is decided in a pass over all traces as they are stored, which costs more to begin and far less per trace.</para>
/// </remarks>
internal sealed class SearchRun
{
    const int FetchMin = 8, PageMin = 64, TracesPerFetchMax = 32;

    // After so many spans at once, fewer traces are fetched together: what is as large again is more than a query should hold.
    const int SpansPerFetchMax = 100_000;

    readonly ITraceStore _store;
    readonly Pipeline _pipeline;
    readonly SearchRequest _request;
    readonly QueryWork _work;
    readonly TraceNarrowing _narrowing;
    readonly TraceMatcher _matcher;
    readonly FoundTraces _found;
    readonly HashSet<TraceId> _seen = [];
    readonly List<string> _plan = [];
    SpanSelection _driver = SpanSelection.All;
    int _tracesPerFetch = TracesPerFetchMax;

    public SearchRun(ITraceStore store, Pipeline pipeline, SearchRequest request, ReadMeter meter)
    {
        (_store, _pipeline, _request, _work) = (store, pipeline, request, new QueryWork(meter));
        _narrowing = TraceNarrowing.Of(pipeline).For(meter);
        _matcher = new TraceMatcher(pipeline, request, _work, request.Summarize);
        _found = new FoundTraces(request.TraceCountMax, request.After, _work);
    }

    /// <summary>What was done, in words.</summary>
    public IReadOnlyList<string> Plan => _plan;

    public long TraceCount { get; private set; }

    /// <returns>Those of one page, newest first by their cursors; and where the next page begins.</returns>
    public async Task<(IReadOnlyList<FoundTrace> Traces, SearchCursor? Next)> RunAsync(CancellationToken cancellation)
    {
        if (_request.TraceCountMax <= 0)
            _plan.Add("no trace is asked for: nothing is read");
        else if (_narrowing.IsNever)
            _plan.Add("no span can match: nothing is read");
        else if (_narrowing.Only is { } id)
            await LookAtAsync(id, cancellation);
        else
            await SearchAsync(cancellation);
        var (traces, next) = _found.ToPage();
        return (_request.Summarize is null ? traces : await SummarizeAsync(traces, _request.Summarize, cancellation), next);
    }

    // Candidates were summarized while they were at hand; what a pass found is looked up. A trace that expired meanwhile is not there any more.
    async Task<IReadOnlyList<FoundTrace>> SummarizeAsync(IReadOnlyList<FoundTrace> traces, Func<SpanBatch, TraceSummary> summarize, CancellationToken cancellation)
    {
        var summaries = traces.Where(trace => trace.Summary is not null).ToDictionary(trace => trace.Id, trace => trace.Summary);
        foreach (var some in traces.Select(trace => trace.Id).Where(id => !summaries.ContainsKey(id)).Chunk(_tracesPerFetch))
        {
            await foreach (var (id, trace) in _store.FindEachAsync(some, _work.Meter, cancellation))
            {
                if (trace is null)
                    continue;
                var summary = summaries[id] = summarize(trace);
                _work.TryTake(FoundBytes.Of(summary));
            }

            if (_work.IsSpent)
                break;
        }

        return [.. traces.Select(trace => trace with { Summary = summaries.GetValueOrDefault(trace.Id) }).Where(trace => trace.Summary is not null || _work.IsSpent)];
    }

    async Task LookAtAsync(TraceId id, CancellationToken cancellation)
    {
        _plan.Add($"only trace {id} can match: it is fetched and decided");
        _driver = new SpanSelection(Around(_request.Range), []);
        await DecideAsync([id], cancellation);
    }

    async Task SearchAsync(CancellationToken cancellation)
    {
        var page = await ChooseDriverAsync(cancellation);
        if (_request.CandidatesMax == 0)
        {
            await PassOverAllAsync(cancellation);
            return;
        }

        var pageSize = PageSize;
        while (true)
        {
            var fresh = page.Where(candidate => _seen.Add(candidate.Id)).ToArray();
            for (var at = 0; at < fresh.Length;)
            {
                if (_found.IsFullAbove(fresh[at].Newest))
                {
                    _found.LeaveSome();
                    return;
                }

                // Mostly all candidates match, and more than the page lacks would be fetched for nothing.
                var some = fresh[at..Math.Min(fresh.Length, at + Math.Clamp(_request.TraceCountMax - _found.Count, Math.Min(FetchMin, _tracesPerFetch), _tracesPerFetch))];
                at += some.Length;
                await DecideAsync(Array.ConvertAll(some, candidate => candidate.Id), cancellation);
                if (_work.IsSpent)
                    return;
            }

            if (page.Count < pageSize)
                return;
            var oldest = page[^1].Newest;
            if (_found.IsFullAbove(oldest))
            {
                _found.LeaveSome();
                return;
            }

            if (_seen.Count >= _request.CandidatesMax && _found.Count * 4 < _seen.Count)
            {
                await PassOverAllAsync(cancellation);
                return;
            }

            // Traces at the very time that the page ends with may be on both sides of its end: with none that is new, the page was too small for them.
            pageSize = fresh.Length == 0 ? pageSize * 4 : Math.Clamp(_request.CandidatesMax, pageSize, pageSize * 2);
            page = await _store.FindTracesAsync(_driver with { Starts = new TimeRange(_driver.Starts.From, oldest) }, pageSize, _work.Meter, cancellation);
        }
    }

    int PageSize => _request.CandidatesMax < PageMin ? Math.Max(1, _request.CandidatesMax) : Math.Max(PageMin, _request.TraceCountMax + 8);

    // Of what must be somewhere in the trace, the rarest; the store finds out.
    async Task<IReadOnlyList<TraceMatch>> ChooseDriverAsync(CancellationToken cancellation)
    {
        var starts = Around(_request.Range);
        if (_request.After is { } after && after.Newest < starts.To)
            starts = starts with { To = after.Newest };
        ImmutableArray<ImmutableArray<SpanCondition>> lists = _narrowing.Each.IsEmpty ? [[]] : _narrowing.Each;
        IReadOnlyList<TraceMatch>? rarest = null;
        var order = 0;
        // The pages of an answer have one order: it is chosen for the first.
        var (first, last) = _request.After is { Order: var chosen } ? (Math.Min(chosen, lists.Length - 1), Math.Min(chosen, lists.Length - 1)) : (0, lists.Length - 1);
        for (var at = last; at >= first && rarest is not { Count: 0 }; at--)
        {
            var selection = new SpanSelection(starts, lists[at]);
            var found = await _store.FindTracesAsync(selection, PageSize, _work.Meter, cancellation);
            if (rarest is null || found.Count < rarest.Count)
                (rarest, _driver, order) = (found, selection, at);
        }

        _found.OrderBy(_driver with { Starts = Around(_request.Range) }, order);
        _plan.Add($"candidates, newest first: {ConditionText.Of(_driver.Conditions)}");
        _plan.Add("each candidate is fetched whole and decided");
        return rarest!;
    }

    async Task DecideAsync(TraceId[] ids, CancellationToken cancellation)
    {
        var (spanCount, leftBefore) = (0L, _work.Meter.LeftTraceCount);
        await foreach (var (_, trace) in _store.FindEachAsync(ids, _work.Meter, cancellation))
        {
            if (trace is not { SpanCount: > 0 } batch)
                continue;
            TraceCount++;
            spanCount += batch.SpanCount;
            _matcher.Open(batch);
            _found.Decide(_matcher, batch, new RowRange(0, batch.SpanCount));
        }

        if (spanCount > SpansPerFetchMax || _work.Meter.LeftTraceCount > leftBefore)
            _tracesPerFetch = Math.Max(1, _tracesPerFetch / 2);
    }

    async Task PassOverAllAsync(CancellationToken cancellation)
    {
        _plan.Add($"after {_seen.Count} candidates: a pass over all traces that have {string.Join(", and ", _narrowing.Each.Select(ConditionText.Of))}");
        var selection = new TraceSelection([.. _narrowing.Each.Select(conditions => new SpanSelection(conditions == _driver.Conditions ? _driver.Starts : TimeRange.All, conditions))]);
        if (selection.Each.IsEmpty)
            selection = new TraceSelection([_driver]);
        var needs = Needs.Of(_pipeline).And(SpanFields.TraceIds | SpanFields.Starts | SpanFields.Ends | Shown).Projection.And(ConditionNeeds.Of(_driver));
        var consumers = await _store.ScanTracesAsync(selection, needs, () => new PassConsumer(this), _work.Meter, cancellation);
        foreach (var consumer in consumers)
        {
            TraceCount += consumer.TraceCount;
            _found.TakeAll(consumer.Found);
        }
    }

    // What answers show of every trace and span.
    static SpanFields Shown => SpanFields.SpanIds | SpanFields.ParentSpanIds | SpanFields.Names | SpanFields.Statuses;

    TimeRange Around(TimeRange range)
    {
        var reach = (ulong)(_request.Reach.Ticks * 100);
        return new TimeRange(range.From.Minus(reach), range.To.Plus(reach));
    }

    sealed class PassConsumer(SearchRun search) : ITraceConsumer
    {
        readonly TraceMatcher _matcher = new(search._pipeline, search._request, search._work);

        public FoundTraces Found { get; } = search._found.NewOfSameKind();

        public long TraceCount { get; private set; }

        public void Take(SpanBatch batch, ReadOnlySpan<RowRange> traces)
        {
            _matcher.Open(batch);
            Found.Open(batch);
            foreach (var rows in traces)
            {
                TraceCount++;
                if (!search._seen.Contains(batch.Spans.TraceIds[rows.Start]))
                    Found.Decide(_matcher, batch, rows);
            }
        }
    }
}
