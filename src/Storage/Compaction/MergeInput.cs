using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Compaction;

/// <summary>One of the blocks being merged: its runs of traces in their order, those within reach by trace, and their row groups in memory.</summary>
/// <remarks>Whatever cannot be read is an <see cref="UnreadableBlockException"/>.</remarks>
internal sealed class MergeInput : IDisposable
{
    /// <summary>How much larger row groups are in memory than in the file, about.</summary>
    const int Expansion = 8;

    readonly Block _block;
    readonly BlockWriter _writer;
    readonly PendingRows _pending;
    readonly CompactionPace _pace;
    readonly long _memoryBytesMax;
    readonly bool _reachesAll;
    readonly long _reachBytes;
    readonly RowGroupInfo[] _groups;
    readonly RowGroupReader _reader;
    readonly List<LoadedGroup> _loaded = [];

    // The row group at hand, and those after it that are within reach.
    readonly Queue<GroupAhead> _ahead = [];

    // The last run within reach of each trace whose turn is still to come.
    readonly Dictionary<TraceId, RunAhead> _last = [];
    long _aheadBytes, _loadedBytes;
    int _known, _run;

    /// <param name="number">Its place among the inputs: what arrived earlier comes first.</param>
    /// <param name="tables">Those of the block.</param>
    /// <param name="pending">Is told which rows it must not hold any more.</param>
    /// <param name="memoryBytesMax">For the row groups in memory.</param>
    /// <param name="reachesAll">Traces are taken from wherever they are, which may read row groups many times; otherwise from as far ahead as there is memory for.</param>
    public MergeInput(int number, Block block, BlockTables tables, BlockWriter writer, PendingRows pending, CompactionPace pace, long memoryBytesMax, bool reachesAll)
    {
        Number = number;
        _block = block;
        _writer = writer;
        _pending = pending;
        _pace = pace;
        _memoryBytesMax = memoryBytesMax;
        _reachesAll = reachesAll;
        _reachBytes = reachesAll ? long.MaxValue : memoryBytesMax / Expansion;
        (_groups, _reader) = (tables.Index.Groups, block.NewReader(tables));
        SkipTaken();
    }

    public int Number { get; }

    /// <summary>All runs were taken.</summary>
    public bool IsAtEnd => _ahead.Count == 0;

    /// <summary>The first run that was not taken yet.</summary>
    public TraceRun Current => _ahead.Peek().Runs[_run];

    /// <summary>Takes all runs of a trace that are within reach.</summary>
    /// <param name="to">Receives them in order.</param>
    public void Take(TraceId id, List<TracePart> to)
    {
        if (!_last.TryGetValue(id, out var last))
            return;
        // A run that fills its row group to the end may go on in the next: that part is no run of its own, and stands where its start does not tell.
        for (; last.Group.Number == _known - 1 && last.Number == last.Group.Runs.Length - 1 && _known < _groups.Length && _groups[_known].FirstTrace == id; last = _last[id])
            LookAt(_known++);
        _last.Remove(id);
        var first = to.Count;
        for (var run = last; run is not null; run = run.Before)
        {
            run.Group.IsTaken[run.Number] = true;
            to.Add(new TracePart(this, run.Group.Runs[run.Number]));
        }

        to.Reverse(first, to.Count - first);
        SkipTaken();
    }

    /// <summary>A row group, from memory or from the file. Good until the next one of this input is asked for.</summary>
    public RowSource Rows(int group)
    {
        if (_loaded.Count > 0 && _loaded[0].Group == group)
            return _loaded[0].Rows;
        var at = _loaded.FindIndex(loaded => loaded.Group == group);
        var found = at < 0 ? Load(group) : _loaded[at];
        if (at >= 0)
            _loaded.RemoveAt(at);
        _loaded.Insert(0, found);
        while (_loaded.Count > 1 && _loadedBytes > _memoryBytesMax)
            LetGo(_loaded.Count - 1);
        return found.Rows;
    }

    public void Dispose()
    {
        // The merge is over, or has failed: nothing is pending any more.
        _loaded.ForEach(loaded => loaded.Rows.Batch.Release());
        _reader.Dispose();
    }

    void SkipTaken()
    {
        while (true)
        {
            LookAhead();
            if (!_ahead.TryPeek(out var group))
                return;
            while (_run < group.Runs.Length && group.IsTaken[_run])
                _run++;
            if (_run < group.Runs.Length)
                return;
            _ahead.Dequeue();
            _aheadBytes -= _groups[group.Number].Bytes;
            _run = 0;
        }
    }

    void LookAhead()
    {
        while (_known < _groups.Length && (_ahead.Count == 0 || _aheadBytes + _groups[_known].Bytes <= _reachBytes))
            LookAt(_known++);
    }

    void LookAt(int number)
    {
        var group = new GroupAhead(number, Read(() => _reader.ReadRuns(_groups[number])));
        _ahead.Enqueue(group);
        _aheadBytes += _groups[number].Bytes;
        for (var run = 0; run < group.Runs.Length; run++)
            _last[group.Runs[run].Id] = new RunAhead(group, run, _last.GetValueOrDefault(group.Runs[run].Id));
    }

    // Where traces are put together from everywhere, who looks at them may hold on to a batch; elsewhere its memory is used again for the next.
    LoadedGroup Load(int group)
    {
        var batch = Read(() => _reader.ReadWhole(_groups[group], _reachesAll ? new SpanBatch() : SpanBatch.Rent()));
        _pace.Spend(_groups[group].Bytes);
        var loaded = new LoadedGroup(group, _writer.Map(batch), BatchMemory.Of(batch));
        _loadedBytes += loaded.MemoryBytes;
        return loaded;
    }

    void LetGo(int at)
    {
        var loaded = _loaded[at];
        _loaded.RemoveAt(at);
        _loadedBytes -= loaded.MemoryBytes;
        _pending.LetGo(loaded.Rows);
        loaded.Rows.Batch.Release();
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

    sealed record GroupAhead(int Number, TraceRun[] Runs)
    {
        public bool[] IsTaken { get; } = new bool[Runs.Length];
    }

    /// <summary>A run within reach.</summary>
    /// <param name="Before">The one before it of the same trace.</param>
    sealed record RunAhead(GroupAhead Group, int Number, RunAhead? Before);
}
