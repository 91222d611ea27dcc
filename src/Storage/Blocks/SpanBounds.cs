using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>Between what the starts and the durations of spans lie: what rules a row group out without reading it.</summary>
internal readonly record struct SpanBounds(UnixNanos StartMin, UnixNanos StartMax, ulong DurationMin, ulong DurationMax)
{
    /// <param name="spans">At least one.</param>
    public static SpanBounds Of(SpanColumns spans)
    {
        var bounds = new SpanBounds(UnixNanos.MaxValue, UnixNanos.MinValue, ulong.MaxValue, 0);
        for (var row = 0; row < spans.Count; row++)
            bounds = bounds.With(spans.Starts[row], spans.DurationNanos(row));
        return bounds;
    }

    SpanBounds With(UnixNanos start, ulong duration) => new(
        start < StartMin ? start : StartMin, start > StartMax ? start : StartMax, Math.Min(duration, DurationMin), Math.Max(duration, DurationMax));
}
