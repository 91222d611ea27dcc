using Clew.Model;
using Clew.Storage.Inspection;

namespace Clew.Cli.Commands.Store;

/// <summary>The figures of a store in the form that <c>--json</c> prints.</summary>
internal static class StoreFiguresJson
{
    public static object Of(StoreSnapshot snapshot, StoreFigures figures) => new
    {
        Folder = snapshot.FolderPath,
        Holder = snapshot.Holder,
        Spans = figures.SpanCount,
        Bytes = figures.BlockBytes + figures.SegmentBytes,
        BytesPerSpanInBlocks = figures.BytesPerSpan,
        Blocks = figures.Blocks.Select(block => new
        {
            block.File,
            block.Bytes,
            Spans = block.SpanCount,
            RowGroups = block.RowGroupCount,
            EarliestStart = block.StartMin.ToString(),
            LatestStart = block.StartMax.ToString(),
            EarliestArrival = block.ArrivedMin.ToString(),
            LatestArrival = block.ArrivedMax.ToString(),
            Level = LevelName(block.Level),
        }),
        Segments = figures.Segments.Select(segment => new { segment.File, segment.Bytes, Spans = segment.SpanCount, Batches = segment.BatchCount }),
        Columns = figures.Columns,
        figures.Unreadable,
        figures.Unreachable,
    };

    public static string LevelName(StoreLevel level) => level.ToString().ToLowerInvariant();
}
