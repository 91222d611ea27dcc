using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>One of the blocks being merged: its traces in their order, and as many of its row groups in memory as are worth it.</summary>
/// <remarks>Whatever cannot be read is an <see cref="UnreadableBlockException"/>.</remarks>
internal sealed class MergeInput : IDisposable
{
    readonly Block _block;
    readonly BlockWriter _writer;
    readonly CompactionPace _pace;
    readonly long _memoryBytesMax;
    readonly RowGroupInfo[] _groups;
    readonly RowGroupReader _reader;
    readonly List<LoadedGroup> _loaded = [];
    readonly HashSet<TraceId> _taken = [];
    TraceRun[] _runs = [];
    int _group = -1, _run;

    /// <param name="number">Its place among the inputs: what arrived earlier comes first.</param>
    public MergeInput(int number, Block block, BlockWriter writer, CompactionPace pace, long memoryBytesMax)
    {
        Number = number;
        _block = block;
        _writer = writer;
        _pace = pace;
        _memoryBytesMax = memoryBytesMax;
        (_groups, _reader) = Read(() => (block.Index.Groups, block.NewReader()));
        MoveOn();
    }

    public int Number { get; }

    /// <summary>All traces are done.</summary>
    public bool IsAtEnd => _group >= _groups.Length;

    /// <summary>The trace at hand: the first of its runs.</summary>
    public TraceRun Current => _runs[_run];

    /// <summary>Goes to the next trace that was not taken before its turn.</summary>
    public void Advance()
    {
        var id = Current.Id;
        while (true)
        {
            MoveOn();
            if (IsAtEnd)
                return;
            if (Current.Id == id)
                continue;
            if (!_taken.Remove(Current.Id))
                return;
            id = Current.Id;
        }
    }

    /// <summary>Takes another input's trace out of this one, when it is here too: its turn has come with its earliest span.</summary>
    /// <returns>The first of its runs; null when there are none.</returns>
    public TraceRun? TryTake(TraceId id)
    {
        if (IsAtEnd)
            return null;
        foreach (var group in Read(() => _block.FindGroups(id).ToArray()))
        {
            var runs = group.Number == _group ? _runs : Read(() => _reader.ReadRuns(group));
            var at = Array.FindIndex(runs, run => run.Id == id);
            if (at < 0)
                continue;
            if (Current.Id == id)
                Advance();
            else
                _taken.Add(id);
            return runs[at];
        }

        return null;
    }

    /// <summary>The run with which a trace goes on in the next row group; null when it does not.</summary>
    public TraceRun? After(TraceRun run)
    {
        var next = run.Group + 1;
        if (run.FirstRow + run.RowCount < _groups[run.Group].Rows || next >= _groups.Length || _groups[next].FirstTrace != run.Id)
            return null;
        return next == _group ? _runs[0] : Read(() => _reader.ReadRuns(_groups[next]))[0];
    }

    /// <summary>A row group, from memory or from the file.</summary>
    public RowSource Rows(int group)
    {
        var at = _loaded.FindIndex(loaded => loaded.Group == group);
        var found = at < 0 ? Load(group) : _loaded[at];
        if (at > 0)
            _loaded.RemoveAt(at);
        if (at != 0)
            _loaded.Insert(0, found);
        while (_loaded.Count > 1 && _loaded.Sum(loaded => loaded.MemoryBytes) > _memoryBytesMax)
            _loaded.RemoveAt(_loaded.Count - 1);
        return found.Rows;
    }

    public void Dispose() => _reader.Dispose();

    void MoveOn()
    {
        if (++_run < _runs.Length)
            return;
        _run = 0;
        do
            _group++;
        while (!IsAtEnd && _groups[_group].Rows == 0);
        _runs = IsAtEnd ? [] : Read(() => _reader.ReadRuns(_groups[_group]));
    }

    LoadedGroup Load(int group)
    {
        var batch = Read(() => _reader.ReadWhole(_groups[group]));
        _pace.Spend(_groups[group].Bytes);
        return new LoadedGroup(group, _writer.Map(batch), Head.BatchMemory.Of(batch));
    }

    T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (IOException failure)
        {
            throw new UnreadableBlockException(_block, failure);
        }
    }

    sealed record LoadedGroup(int Group, RowSource Rows, long MemoryBytes);
}
