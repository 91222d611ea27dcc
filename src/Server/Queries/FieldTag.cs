using Clew.Model;

namespace Clew.Server.Queries;

/// <summary>Tags that Jaeger makes of fields which no condition of a store is about: whether they are there is seen in the spans of a trace. An attribute of that name counts as well.</summary>
internal static class FieldTag
{
    public static bool Is(string key) => key is "otel.scope.name" or "otel.scope.version" or "otel.status_description" or "w3c.tracestate" or "event";

    /// <summary>What a store can narrow a search to: all of it but such tags.</summary>
    public static SpanSelection Narrowed(TraceSearch search) => (search with { Tags = [.. search.Tags.Where(tag => !Is(tag.Key))] }).ToSelection();

    /// <summary>The latest start of the spans that meet all that a search says; null when none does.</summary>
    public static UnixNanos? NewestMatch(TraceSearch search, SpanBatch trace)
    {
        var others = new SpanMatcher(Narrowed(search), trace);
        Predicate<int>[] tests = [.. search.Tags.Where(tag => Is(tag.Key)).Select(tag => TestOf(trace, tag.Key, tag.Value))];
        var rows = Enumerable.Range(0, trace.SpanCount).Where(row => others.Matches(row) && Array.TrueForAll(tests, test => test(row)));
        return rows.Max(row => (UnixNanos?)trace.Spans.Starts[row]);
    }

    // A field that is empty is no tag.
    static Predicate<int> TestOf(SpanBatch trace, string key, string value)
    {
        var attribute = new SpanMatcher(new SpanSelection(TimeRange.All, [TagCondition.Of(key, value)]), trace);
        return trace.Strings.TryFind(value, out var code) && code != 0 ? row => attribute.Matches(row) || Has(trace, row, key, code) : attribute.Matches;
    }

    static bool Has(SpanBatch trace, int row, string key, int code) => key switch
    {
        "otel.scope.name" => trace.Scopes.Names[trace.Spans.Scopes[row]] == code,
        "otel.scope.version" => trace.Scopes.Versions[trace.Spans.Scopes[row]] == code,
        "otel.status_description" => trace.Spans.StatusMessages[row] == code,
        "w3c.tracestate" => trace.Spans.TraceStates[row] == code,
        "event" => trace.Events[row] is var events && trace.Events.Names.Values[events.Start..events.End].Contains(code),
        _ => false,
    };
}
