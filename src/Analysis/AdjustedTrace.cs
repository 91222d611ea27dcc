using Clew.Model;

namespace Clew.Analysis;

/// <summary>A trace's spans with corrections laid over them: what Jaeger does to a trace before it shows it. The batch itself stays as it was stored.</summary>
/// <remarks>Source: the adjusters of Jaeger's query service. Their order matters: identities first, then duplicates, then clocks; attributes and links are last.</remarks>
public sealed class AdjustedTrace
{
    readonly SpanIdentities _identities;
    readonly ClockSkew? _skew;
    readonly LibraryAttributes? _library;

    AdjustedTrace(SpanBatch batch, int[] rows, SpanIdentities identities, ClockSkew? skew, LibraryAttributes? library)
    {
        Batch = batch;
        Rows = rows;
        _identities = identities;
        _skew = skew;
        _library = library;
    }

    public SpanBatch Batch { get; }

    /// <summary>The rows of <see cref="Batch"/> to show, in its order.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>False for a trace that is shown as it was stored.</summary>
    public bool IsAdjusted => _skew is not null;

    public SpanId SpanIdOf(int row) => _identities.SpanIds[row];

    public SpanId ParentIdOf(int row) => _identities.ParentIds[row];

    /// <summary>Nanoseconds to add to the span's times and to those of its events.</summary>
    public long ShiftNanosOf(int row) => _skew?.ShiftNanos[row] ?? 0;

    /// <summary>Whether a link leads anywhere: one without a trace id says nothing.</summary>
    public bool IsShown(int link) => !IsAdjusted || !Batch.Links.TraceIds[link].IsAbsent;

    /// <summary>Whether a row of the spans' attributes is shown with the resource instead.</summary>
    public bool IsMoved(int attribute) => _library?.IsMoved(attribute) == true;

    /// <summary>Rows of the spans' attributes that are shown with a resource, after its own.</summary>
    public IReadOnlyList<int> MovedTo(int resource) => _library?.MovedTo(resource) ?? [];

    /// <summary>What is odd about the span, in Jaeger's words.</summary>
    public IEnumerable<string> WarningsOf(int row)
    {
        if (!IsAdjusted)
            yield break;
        if (_skew!.Warnings[row] is { } skewed)
            yield return skewed;
        foreach (var conflict in _library!.ConflictsOf(row))
            yield return conflict;
        var links = Batch.Links[row];
        for (var link = links.Start; link < links.End; link++)
        {
            if (!IsShown(link))
                yield return "Invalid span link removed";
        }
    }

    /// <summary>The corrected spans as a batch of their own; the stored one where nothing was to correct.</summary>
    /// <remarks>Identities, copies and clocks: what changes the meaning of the spans. Where attributes stand and how they are spelled is left as it was sent.</remarks>
    public SpanBatch ToBatch()
    {
        if (!IsAdjusted || IsAsStored())
            return Batch;
        var copier = new SpanCopier(new SpanBatch());
        foreach (var row in Rows)
            copier.Copy(Batch, row);
        var spans = copier.Target.Spans;
        for (var at = 0; at < Rows.Count; at++)
        {
            spans.SpanIds.Writable[at] = SpanIdOf(Rows[at]);
            spans.ParentSpanIds.Writable[at] = ParentIdOf(Rows[at]);
            if (ShiftNanosOf(Rows[at]) is var shift and not 0)
                Shift(copier.Target, at, shift);
        }

        return copier.Target;
    }

    /// <summary>The spans as they are stored, identical ones and all.</summary>
    public static AdjustedTrace Raw(SpanBatch batch) => new(batch, AllRows(batch), SpanIdentities.Stored(batch), null, null);

    /// <summary>Corrects the spans of one trace.</summary>
    /// <param name="skewNanosMax">The largest clock skew that is corrected; 0 corrects none, and only says what it would have been.</param>
    public static AdjustedTrace Of(SpanBatch batch, long skewNanosMax)
    {
        var identities = SpanIdentities.Separated(batch);
        int[] rows = [.. DistinctSpans.Of(batch).Rows];
        return new AdjustedTrace(batch, rows, identities, ClockSkew.Of(batch, rows, identities, skewNanosMax), LibraryAttributes.Of(batch, rows));
    }

    bool IsAsStored() =>
        Rows.Count == Batch.SpanCount
        && _identities.SpanIds.AsSpan().SequenceEqual(Batch.Spans.SpanIds.Values)
        && _identities.ParentIds.AsSpan().SequenceEqual(Batch.Spans.ParentSpanIds.Values)
        && !_skew!.ShiftNanos.AsSpan().ContainsAnyExcept(0);

    static void Shift(SpanBatch batch, int row, long nanos)
    {
        ref var start = ref batch.Spans.Starts.Writable[row];
        ref var end = ref batch.Spans.Ends.Writable[row];
        (start, end) = (start.Shifted(nanos), end.Shifted(nanos));
        var events = batch.Events[row];
        foreach (ref var time in batch.Events.Times.Writable[events.Start..events.End])
            time = time.Shifted(nanos);
    }

    static int[] AllRows(SpanBatch batch) => [.. Enumerable.Range(0, batch.SpanCount)];
}
