using System.Collections.Immutable;
using Clew.Model;
using Clew.Server.Queries;

namespace Clew.Server.Zipkin;

/// <summary>What <c>/api/v2/traces</c> asks for. Names are in lower case; empty ones are not asked for.</summary>
internal sealed record ZipkinQuery
{
    public string Service { get; init; } = "";

    public string RemoteService { get; init; } = "";

    public string SpanName { get; init; } = "";

    /// <summary>A tag with that value; without one, a tag or an annotation of that name.</summary>
    public ImmutableArray<(string Key, string Value)> Terms { get; init; } = [];

    public ulong DurationMicrosMin { get; init; }

    public ulong DurationMicrosMax { get; init; } = ulong.MaxValue;

    /// <summary>When the trace starts, that is, its root, or else its first span.</summary>
    public TimeRange Starts { get; init; } = TimeRange.All;

    public int TraceCountMax { get; init; } = 10;

    bool AsksForDuration => DurationMicrosMin > 0 || DurationMicrosMax < ulong.MaxValue;

    /// <summary>The trace's own start: its root's, or else the earliest. Unknown for a trace without times.</summary>
    public static UnixNanos StartOf(SpanBatch trace)
    {
        var earliest = UnixNanos.MaxValue;
        for (var row = 0; row < trace.SpanCount; row++)
        {
            var start = trace.Spans.Starts[row];
            if (start == UnixNanos.MinValue)
                continue;
            if (trace.Spans.ParentSpanIds[row].IsAbsent)
                return start;
            earliest = start < earliest ? start : earliest;
        }

        return earliest == UnixNanos.MaxValue ? UnixNanos.MinValue : earliest;
    }

    /// <summary>Whether the trace is one of those that are asked for.</summary>
    /// <remarks>Everything must hold of the spans of the service, but not all of it of the same span. Source: Zipkin's QueryRequest.</remarks>
    public bool Matches(SpanBatch trace)
    {
        if (StartOf(trace) is var start && (start == UnixNanos.MinValue || !Starts.Contains(start)))
            return false;
        if (Terms.Any(term => IsNowhere(trace, term.Key)))
            return false;
        var view = new ZipkinTraceView(trace);
        var tags = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        var terms = Terms.ToList();
        var (needsService, needsRemote, needsName, needsDuration) = (true, RemoteService.Length > 0, SpanName.Length > 0, AsksForDuration);
        for (var row = 0; row < trace.SpanCount; row++)
        {
            if (Service.Length > 0 && view.ServiceOf(row) != Service)
                continue;
            needsService = false;
            needsRemote = needsRemote && view.RemoteServiceOf(row) != RemoteService;
            needsName = needsName && view.NameOf(row) != SpanName;
            needsDuration = needsDuration && !(view.DurationMicrosOf(row) is var micros && micros >= DurationMicrosMin && micros <= DurationMicrosMax);
            if (terms.Count > 0)
            {
                view.ReadTags(row, tags);
                if (view.PeerServiceOf(row) is { } peer)
                    tags.TryAdd("peer.service", peer);
                terms.RemoveAll(term => tags.TryGetValue(term.Key, out var value) ? term.Value.Length == 0 || value == term.Value : HasAnnotation(view, row, term));
            }

            if (!needsService && !needsRemote && !needsName && !needsDuration && terms.Count == 0)
                return true;
        }

        return false;
    }

    // Most traces that are looked into can be put aside by their strings alone: what is not derived from a field is one of them, or an event's with attributes.
    static bool IsNowhere(SpanBatch trace, string key) =>
        key is not ("error" or "w3c.tracestate") && !key.StartsWith("otel.", StringComparison.Ordinal) && !key.Contains(':', StringComparison.Ordinal)
        && !trace.Strings.TryFind(key, out _);

    /// <summary>Spans one of which every trace has that matches: few, so that there is little to look through.</summary>
    /// <param name="services">The names that the service goes by in the store.</param>
    /// <param name="names">The same for the span's name.</param>
    public SpanSelection Narrowed(IReadOnlyList<string> services, IReadOnlyList<string> names)
    {
        // A trace may begin within the range, and what is asked for come a little later.
        const ulong TrailNanos = 60_000_000_000;
        var conditions = ImmutableArray.CreateBuilder<SpanCondition>();
        if (services.Count > 0)
            conditions.Add(AnyOf(services.Select(service => new SpanCondition.ServiceIs(service))));

        // Only one more: each of the others may hold of another span.
        if (Terms.Select(ConditionOf).FirstOrDefault(condition => condition is not null) is { } term)
            conditions.Add(term);
        else if (names.Count > 0)
            conditions.Add(AnyOf(names.Select(name => new SpanCondition.NameIs(name))));
        else if (AsksForDuration)
            conditions.Add(new SpanCondition.DurationBetween(DurationMicrosMin <= 1 ? 0 : NanosOf(DurationMicrosMin), NanosOf(DurationMicrosMax, 999))); // What lasts less than one lasts one.
        return new SpanSelection(new TimeRange(Starts.From, Starts.To.Plus(TrailNanos)), conditions.ToImmutable());
    }

    /// <summary>One condition stays itself, which is what stores know best.</summary>
    public static SpanCondition AnyOf(IEnumerable<SpanCondition> conditions) => conditions.ToArray() is [var only] ? only : new SpanCondition.AnyOf([.. conditions]);

    // Null for what no column says.
    static SpanCondition? ConditionOf((string Key, string Value) term) => term switch
    {
        // A tag of any value, or an annotation.
        (_, "") => null,
        ("error", _) => AnyOf([new SpanCondition.StatusIs(StatusCode.Error), AttributeIs("error", term.Value)]),
        ("otel.status_code", _) => TagCondition.Of(term.Key, term.Value),
        ("w3c.tracestate", _) => null,
        _ when term.Key.StartsWith("otel.", StringComparison.Ordinal) => null,
        _ => AttributeIs(term.Key, term.Value),
    };

    static SpanCondition.AttributeIs AttributeIs(string key, string value) => new(key, value, AttributeOwners.Span | AttributeOwners.Resource);

    static bool HasAnnotation(ZipkinTraceView view, int row, (string Key, string Value) term)
    {
        if (term.Value.Length > 0)
            return false;
        var events = view.Batch.Events[row];
        for (var at = events.Start; at < events.End; at++)
        {
            if (view.Batch.Strings.GetString(view.Batch.Events.Names[at]) == term.Key || view.AnnotationOf(at) == term.Key)
                return true;
        }

        return false;
    }

    static ulong NanosOf(ulong micros, ulong rest = 0) => micros > (ulong.MaxValue - rest) / 1_000 ? ulong.MaxValue : micros * 1_000 + rest;
}
