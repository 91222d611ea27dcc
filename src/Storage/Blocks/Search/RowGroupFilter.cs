using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>Passes row groups by that cannot have a span of a selection, going by their bounds and directories alone.</summary>
internal sealed class RowGroupFilter : IDisposable
{
    readonly SpanSelection _selection;
    readonly RowTest[] _tests;
    readonly RowGroupReader _reader;

    public RowGroupFilter(Block block, SpanSelection selection)
    {
        var tables = block.Tables;
        _selection = selection;
        _tests = [.. selection.Conditions.Select(condition => RowTest.Of(block, tables, condition))];
        _reader = block.NewReader();
    }

    public bool CanMatch(RowGroupInfo group)
    {
        if (!_selection.Starts.Overlaps(group.StartMin, group.StartMax))
            return false;
        try
        {
            _reader.Open(group, whole: false);
            return Array.TrueForAll(_tests, test => test.Decide(_reader, group) != false);
        }
        catch (CorruptFileException)
        {
            // For whoever reads the row group to report.
            return true;
        }
    }

    public void Dispose() => _reader.Dispose();
}
