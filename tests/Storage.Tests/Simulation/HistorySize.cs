namespace Clew.Storage.Tests.Simulation;

/// <summary>How much there is of everything in a history. What happens does not depend on it, and the time that a history takes does.</summary>
/// <param name="BatchSpans">Batches have fewer spans than this.</param>
internal sealed record HistorySize(int SegmentBytes, int HeadBytes, int RowGroupRows, int BatchSpans)
{
    public static HistorySize Small { get; } = new(8 << 10, 96 << 10, 16, 8);

    public static HistorySize Large { get; } = new(64 << 10, 256 << 10, 64, 60);
}
