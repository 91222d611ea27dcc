namespace Clew.Cli.Load;

/// <summary>What a Clew server has on disk.</summary>
/// <param name="SpanCount">Spans stored.</param>
/// <param name="HeadSpanCount">Of them, spans that are only in the write-ahead log yet.</param>
internal sealed record StoreFigures(long SpanCount, long HeadSpanCount, long BlockCount, long BlockBytes, long SegmentBytes)
{
    /// <summary>Bytes of the blocks, for each span that lies in one; null while there is none.</summary>
    public double? BytesPerSpan => SpanCount > HeadSpanCount ? Math.Round((double)BlockBytes / (SpanCount - HeadSpanCount), 1) : null;

    /// <summary>Blocks and write-ahead log.</summary>
    public long Bytes => BlockBytes + SegmentBytes;
}
