using Clew.Model;

namespace Clew.Analysis;

/// <summary>A trace's spans with corrections laid over them: what Jaeger does to a trace before it shows it. The batch itself stays as it was stored.</summary>
/// <remarks>Source: the adjusters of Jaeger's query service. Their order matters: identities first, then duplicates, then clocks.</remarks>
public sealed class AdjustedTrace
{
    readonly SpanIdentities _identities;
    readonly ClockSkew? _skew;

    AdjustedTrace(SpanBatch batch, int[] rows, SpanIdentities identities, ClockSkew? skew)
    {
        Batch = batch;
        Rows = rows;
        _identities = identities;
        _skew = skew;
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

    /// <summary>What is odd about the span, in Jaeger's words; null when nothing is.</summary>
    public string? WarningOf(int row) => _skew?.Warnings[row];

    /// <summary>The spans as they are stored, identical ones and all.</summary>
    public static AdjustedTrace Raw(SpanBatch batch) => new(batch, AllRows(batch), SpanIdentities.Stored(batch), null);

    /// <summary>Corrects the spans of one trace.</summary>
    /// <param name="skewNanosMax">The largest clock skew that is corrected; 0 corrects none, and only says what it would have been.</param>
    public static AdjustedTrace Of(SpanBatch batch, long skewNanosMax)
    {
        var identities = SpanIdentities.Separated(batch);
        int[] rows = [.. DistinctSpans.Of(batch).Rows];
        return new AdjustedTrace(batch, rows, identities, ClockSkew.Of(batch, rows, identities, skewNanosMax));
    }

    static int[] AllRows(SpanBatch batch) => [.. Enumerable.Range(0, batch.SpanCount)];
}
