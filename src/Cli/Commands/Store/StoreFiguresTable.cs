using Clew.Cli.Terminal;
using Clew.Storage.Inspection;

namespace Clew.Cli.Commands.Store;

/// <summary>The figures of a store for people: totals, then one table each for blocks, segments and columns.</summary>
internal static class StoreFiguresTable
{
    public static void Write(StoreFigures figures, TextWriter output)
    {
        output.WriteLine(
            $"{figures.SpanCount:N0} spans: {figures.BlockSpanCount:N0} in {figures.Blocks.Count} blocks ({BytesText.Of(figures.BlockBytes)}"
            + (figures.BlockSpanCount > 0 ? $", {figures.BytesPerSpan:0.0} bytes a span" : "")
            + $"), {figures.SegmentSpanCount:N0} in {figures.Segments.Count} segments ({BytesText.Of(figures.SegmentBytes)}).");
        if (figures.Blocks.Count > 0)
        {
            WriteLevels(figures, output);
            WriteBlocks(figures.Blocks, output);
            WriteColumns(figures, output);
        }

        if (figures.Segments.Count > 0)
            WriteSegments(figures.Segments, output);
    }

    static void WriteLevels(StoreFigures figures, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{"level",-18} {"spans",12} {"size",10} {"B/span",7} {"blocks",7}  {"earliest start",-23}  {"latest start",-23}");
        foreach (var level in figures.Blocks.GroupBy(block => block.Level).OrderBy(level => level.Key))
        {
            var (bytes, spans) = (level.Sum(block => block.Bytes), level.Sum(block => block.SpanCount));
            output.WriteLine(
                $"{StoreFiguresJson.LevelName(level.Key),-18} {spans,12:N0} {BytesText.Of(bytes),10} {PerSpan(bytes, spans),7} {level.Count(),7}  "
                + $"{NanosText.Time(level.Min(block => block.StartMin))}  {NanosText.Time(level.Max(block => block.StartMax))}");
        }
    }

    static void WriteBlocks(IReadOnlyList<BlockFigures> blocks, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{"block",-18} {"level",-5} {"spans",12} {"size",10} {"B/span",7} {"groups",7}  {"earliest start",-23}  {"latest start",-23}  latest arrival (UTC)");
        foreach (var block in blocks)
        {
            output.WriteLine(
                $"{block.File,-18} {StoreFiguresJson.LevelName(block.Level),-5} {block.SpanCount,12:N0} {BytesText.Of(block.Bytes),10} {PerSpan(block.Bytes, block.SpanCount),7} {block.RowGroupCount,7}  "
                + $"{NanosText.Time(block.StartMin)}  {NanosText.Time(block.StartMax)}  {NanosText.Time(block.ArrivedMax)}");
        }
    }

    static void WriteColumns(StoreFigures figures, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{"column",-28} {"stored",10} {"B/span",7} {"share",6}  {"before compression",18}");
        foreach (var column in figures.Columns)
        {
            output.WriteLine(
                $"{column.Name,-28} {BytesText.Of(column.StoredBytes),10} {PerSpan(column.StoredBytes, figures.BlockSpanCount),7} "
                + $"{100.0 * column.StoredBytes / figures.BlockBytes,5:0.0}%  {BytesText.Of(column.RawBytes),18}");
        }
    }

    static void WriteSegments(IReadOnlyList<SegmentFigures> segments, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{"segment",-18} {"spans",12} {"size",10} {"batches",8}");
        foreach (var segment in segments)
            output.WriteLine($"{segment.File,-18} {segment.SpanCount,12:N0} {BytesText.Of(segment.Bytes),10} {segment.BatchCount,8}");
    }

    static string PerSpan(long bytes, long spans) => spans == 0 ? "" : $"{(double)bytes / spans:0.00}";
}
