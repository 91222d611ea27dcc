using Clew.Analysis;
using Clew.Model;
using Clew.Server.Queries;
using Clew.TraceQL;
using Clew.TraceQL.Syntax;
using Clew.TraceQL.Tags;

namespace Clew.Server.Tempo;

/// <summary>What Tempo's API answers, as batches and records: HTTP and gRPC are two translations of it.</summary>
internal sealed class TempoQueries(WholeTraces traces, TraceQLEngine engine, TagSearch tags, QueryOptions options)
{
    /// <summary>The label value of this API.</summary>
    public const string Name = "tempo";

    static readonly string[] IntrinsicNames =
    [
        "duration", "name", "status", "statusMessage", "kind", "rootServiceName", "rootName", "traceDuration", "event:name", "event:timeSinceStart", "link:spanID",
        "link:traceID", "instrumentation:name", "instrumentation:version", "trace:id", "span:id", "span:parentID", "span:status", "span:statusMessage", "span:duration",
        "span:name", "span:kind", "trace:rootName", "trace:rootService", "trace:duration",
    ];

    static readonly (string Scope, AttributeOwners Owner)[] Owners =
    [
        ("span", AttributeOwners.Span), ("resource", AttributeOwners.Resource), ("event", AttributeOwners.Event), ("link", AttributeOwners.Link),
        ("instrumentation", AttributeOwners.Scope),
    ];

    public QueryOptions Options => options;

    public TraceQLEngine Engine => engine;

    /// <summary>For <see cref="TraceAsync"/>; to be disposed when the trace was answered.</summary>
    public QueryRoom NewRoomForTrace() => traces.NewRoom();

    /// <summary>A trace as a reader wants it: no copies, and each span with an id of its own; times as they were sent.</summary>
    /// <returns>Null when none of it is stored.</returns>
    /// <inheritdoc cref="WholeTraces.FindAsync(TraceId, QueryRoom, CancellationToken)" path="/exception"/>
    public async ValueTask<SpanBatch?> TraceAsync(TraceId id, QueryRoom room, CancellationToken cancellation) =>
        !id.IsAbsent && await traces.FindAsync(id, room, cancellation) is { } spans ? AdjustedTrace.Of(spans, skewNanosMax: 0).ToBatch() : null;

    /// <summary>The names of tags by scope, intrinsics last.</summary>
    public async Task<FoundTags> TagsAsync(TagsQuestion question, CancellationToken cancellation)
    {
        var found = await tags.FindNamesAsync(question.Range, FilterOf(question.Text), options.Budget, cancellation);
        var scopes = new List<(string, IReadOnlyList<string>)>();
        foreach (var (scope, owner) in Owners.Where(owner => question.IsEveryScope || owner.Scope == question.Scope))
        {
            var names = found.Names.Where(name => name.Owner == owner).Select(name => name.Key);
            Add(scope, question.CountMax == 0 ? names : names.Take(question.CountMax));
        }

        if (question.IsEveryScope || question.Scope == FoundTags.Intrinsic)
            Add(FoundTags.Intrinsic, IntrinsicNames);
        return new FoundTags(question, scopes, found.Reads);

        void Add(string scope, IEnumerable<string> names)
        {
            if (names.ToArray() is { Length: > 0 } all)
                scopes.Add((scope, all));
        }
    }

    public Task<TagValuesResult> TagValuesAsync(FieldExpression field, TagValuesQuestion question, CancellationToken cancellation) => tags.FindValuesAsync(
        field, question.Range, FilterOf(question.Text), question.CountMax == 0 ? TagValuesQuestion.CountDefault : question.CountMax, options.Budget, cancellation);

    /// <summary>Why an answer is not complete; null for one that is.</summary>
    public string? PartialMessage(ReadLimit? limit, int leftOutSeries = 0) => limit switch
    {
        ReadLimit.Time => $"the query took longer than query.timeout ({GoDuration.Format((long)options.Timeout.TotalNanoseconds)}): the answer is what was read until then",
        ReadLimit.Bytes => $"the query read more than query.scanned_bytes_max ({options.ScannedBytesMax} bytes): the answer is what was read until then",
        ReadLimit.Memory => $"the query takes more memory than {options.MemoryBound.Setting} ({options.MemoryBound.Bytes} bytes): the answer is what was found until then",
        ReadLimit.TotalMemory => $"all queries together take more memory than query.memory_bytes_total_max ({options.MemoryBytesTotalMax} bytes): the answer is what was found until then",
        _ when leftOutSeries > 0 => $"there are more series than the answer may have: {leftOutSeries} are left out",
        _ => null,
    };

    static Pipeline? FilterOf(string text) => text.Length == 0 ? null : LooseFilter.Read(text);
}
