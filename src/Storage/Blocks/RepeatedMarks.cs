using Clew.Model;
using Clew.Storage.Buckets;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>What the trace index of a block says of traces that begin in it more than once: those that do have equal marks, and so have a few others.</summary>
/// <param name="pageCount">Pages of the index; 0 when the index says nothing.</param>
internal sealed class RepeatedMarks(int pageCount)
{
    readonly HashSet<ulong> _marks = [];

    /// <summary>The row groups in which they begin.</summary>
    public HashSet<int> Groups { get; } = [];

    /// <summary>For an index that cannot be read: any trace may, in any row group.</summary>
    public static RepeatedMarks AnyOf(int groupCount)
    {
        var any = new RepeatedMarks(0);
        any.Groups.UnionWith(Enumerable.Range(0, groupCount));
        return any;
    }

    public void Add(int page, HashSet<ushort> marks)
    {
        foreach (var mark in marks)
            _marks.Add(Key(page, mark));
    }

    /// <summary>Looks which traces they are. What is damaged is left to whoever reads its spans.</summary>
    /// <exception cref="BucketException">The bucket does not answer: the next time it may.</exception>
    public HashSet<TraceId> ReadTraces(RowGroupReader reader)
    {
        var (seen, repeated) = (new HashSet<TraceId>(), new HashSet<TraceId>());
        var groups = reader.Tables.Index.Groups;
        foreach (var number in Groups.Where(number => number < groups.Length).Order())
        {
            try
            {
                reader.Open(groups[number], whole: false);
                Add(reader.Runs.Ids, seen, repeated);
            }
            catch (IOException failure) when (failure is not (BucketException or UnsupportedFormatException))
            {
                continue;
            }
        }

        return repeated;
    }

    void Add(TraceId[] runs, HashSet<TraceId> seen, HashSet<TraceId> repeated)
    {
        foreach (var id in runs)
        {
            if ((pageCount == 0 || _marks.Contains(Key(TraceIndex.PageOf(StableHash.Of(id), pageCount, out var mark), mark))) && !seen.Add(id))
                repeated.Add(id);
        }
    }

    static ulong Key(int page, ushort mark) => ((ulong)(uint)page << 16) | mark;
}
