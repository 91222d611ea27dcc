using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>Rows on their way to the writer: neighbours from one row group with one decision go together, which costs far less than one by one.</summary>
internal sealed class PendingRows(BlockWriter writer, CancellationToken cancellation)
{
    readonly List<int> _rows = [];
    RowSource? _source;
    KeepDecision _decision = KeepDecision.Undecided;

    public void Add(RowSource source, int firstRow, int count, KeepDecision decision)
    {
        if (source != _source || decision != _decision)
        {
            Flush();
            (_source, _decision) = (source, decision);
        }

        for (var row = firstRow; row < firstRow + count; row++)
            _rows.Add(row);
    }

    /// <summary>Writes what is pending of a source whose rows are to be forgotten.</summary>
    public void LetGo(RowSource source)
    {
        if (source != _source)
            return;
        Flush();
        _source = null;
    }

    public void Flush()
    {
        if (_rows.Count == 0)
            return;
        writer.Append(_source!, CollectionsMarshal.AsSpan(_rows), _decision, cancellation);
        _rows.Clear();
    }
}
