namespace Clew.Cli.Load.Corpus;

/// <summary>The batch processor of one service instance: ended spans wait until there are many of them, or until the oldest has waited long enough.</summary>
/// <remarks>Bounds are the defaults of the OpenTelemetry SDKs (OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_BSP_SCHEDULE_DELAY).</remarks>
internal static class BatchQueue
{
    const int SpanCountMax = 512;
    const long DelayNanosMax = 5_000_000_000;

    /// <param name="spans">All spans of the instance, in the order of their ends.</param>
    /// <returns>Batches as ranges of <paramref name="spans"/>, with the time each is exported.</returns>
    public static IEnumerable<(Range Spans, long ExportNanos)> Cut(IReadOnlyList<EncodedSpan> spans)
    {
        for (var (first, at) = (0, 0); first < spans.Count; first = at)
        {
            var deadline = spans[first].EndNanos + DelayNanosMax;
            while (at < spans.Count && at - first < SpanCountMax && spans[at].EndNanos <= deadline)
                at++;
            yield return (first..at, at - first == SpanCountMax ? spans[at - 1].EndNanos : deadline);
        }
    }
}
