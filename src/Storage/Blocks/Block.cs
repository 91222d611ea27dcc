using Clew.Model;
using Clew.Storage.Blocks.Search;
using Clew.Storage.Blocks.Version2;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>A sealed block: its file, and the parts of it that are in memory. Any number of threads read it.</summary>
/// <remarks>The file stays open, and in its place, until the store and every reader have let go of the block.</remarks>
internal sealed class Block(BlockSummary summary, BlockFile file, BlockCache cache, DamageLog damage)
{
    HolderCount _holders = new();

    public BlockSummary Summary => summary;

    public string Path => file.Path;

    // Index, tables and search tables: each holds the one before, and only the largest is kept.
    public BlockIndex Index => FindTables()?.Index ?? cache.Get(summary.Id, BlockPart.Index, () =>
    {
        var index = file.ReadIndex();
        return (index, index.MemoryBytes);
    });

    /// <summary>What reading any row group takes.</summary>
    public BlockTables Tables => FindTables() ?? cache.Get(summary.Id, BlockPart.Tables, () =>
    {
        var tables = BlockTables.Read(file, cache.Take<BlockIndex>(summary.Id, BlockPart.Index) ?? file.ReadIndex());
        return (tables, tables.MemoryBytes);
    });

    /// <summary>What searching it takes.</summary>
    public SearchTables SearchTables => cache.Get(summary.Id, BlockPart.SearchTables, () =>
    {
        var tables = new SearchTables(file, ReadTables());
        cache.Take<BlockTables>(summary.Id, BlockPart.Tables);
        cache.Take<BlockIndex>(summary.Id, BlockPart.Index);
        return (tables, tables.MemoryBytes);
    });

    /// <summary>The tables for someone who goes through the block once: they are not kept for others because of that.</summary>
    public BlockTables ReadTables() => FindTables() ?? BlockTables.Read(file, cache.Find<BlockIndex>(summary.Id, BlockPart.Index) ?? file.ReadIndex());

    public RowGroupReader NewReader() => NewReader(Tables);

    public RowGroupReader NewReader(BlockTables tables) => new(file, tables);

    /// <summary>The distinct operations of its spans; null when they cannot be read, which costs nothing but speed.</summary>
    public ServiceOperation[]? FindOperations() => Spare(BlockPart.Operations, ReadOperations);

    bool MayHaveTrace(TraceId id) => Spare(BlockPart.TraceFilter, ReadTraceFilter) is not { } words || new BloomFilter(words).MayContain(StableHash.Of(id));

    /// <summary>The row groups that may hold spans of a trace, in order: all that do, and hardly ever another.</summary>
    public IEnumerable<RowGroupInfo> FindGroups(TraceId id)
    {
        if (!MayHaveTrace(id))
            yield break;
        var groups = Index.Groups;
        var next = 0;
        foreach (var first in FindFirstGroups(id))
        {
            // A trace that ends its row group may go on in the next one.
            for (var group = Math.Max(first, next); group < groups.Length && (group == first || groups[group].FirstTrace == id); next = ++group)
            {
                yield return groups[group];
                if (groups[group].LastTrace != id)
                {
                    next = group + 1;
                    break;
                }
            }
        }
    }

    IEnumerable<int> FindFirstGroups(TraceId id) =>
        Spare(() => file.ReadTraceGroups(Index, cache.Get(summary.Id, BlockPart.TraceIndex, ReadTraceIndex), StableHash.Of(id)), BlockPart.TraceIndex)
            ?? Enumerable.Range(0, Index.Groups.Length);

    /// <summary>The filter over the ids of its traces; null when it cannot be read, and any trace may be here.</summary>
    public BloomFilter? FindTraceFilter() => Spare(BlockPart.TraceFilter, ReadTraceFilter) is { } words ? new BloomFilter(words) : null;

    /// <summary>The traces with several runs that are not neighbours.</summary>
    public HashSet<TraceId> RepeatedTraces => cache.Get(summary.Id, BlockPart.RepeatedTraces, () =>
    {
        var marks = Spare(() => file.ReadRepeatedMarks(Index, cache.Get(summary.Id, BlockPart.TraceIndex, ReadTraceIndex)), BlockPart.TraceIndex);
        using var reader = NewReader();
        var traces = (marks ?? RepeatedMarks.AnyOf(Index.Groups.Length)).ReadTraces(reader);
        return (traces, 64 + traces.Count * 40L);
    });

    /// <summary>What was decided about a trace; null when the block has nothing of it.</summary>
    public KeepDecision? FindDecision(TraceId id)
    {
        foreach (var group in FindGroups(id))
        {
            using var reader = NewReader();
            foreach (var run in reader.ReadRuns(group))
            {
                if (run.Id == id)
                    return run.Decision;
            }
        }

        return null;
    }

    /// <summary>The row groups that may have a string of their own, which is not in the dictionary.</summary>
    public ValuePlaces FindValue(ulong hash)
    {
        var index = Index;
        if (index.ValueFilters is { } place)
            return Spare(BlockPart.ValueFilters, () => ReadValueFilters(place))?.PlacesOf(hash) ?? ValuePlaces.Anywhere;
        return Spare(() => FindValue(index, hash), BlockPart.ValueIndex) ?? ValuePlaces.Anywhere;
    }

    ValuePlaces FindValue(BlockIndex index, ulong hash)
    {
        if (index.ValueIndex.Pages == 0)
            return ValuePlaces.Anywhere;
        var starts = cache.Get(summary.Id, BlockPart.ValueIndex, () =>
        {
            var read = file.ReadValueIndexTable(index);
            return (read, read.Length * (long)sizeof(int));
        });
        return ValuePlaces.In(file.ReadValueGroups(index, starts, hash));
    }

    /// <summary>Nobody reads it any more, and the space of its file is free if the file is deleted.</summary>
    public bool IsGone => _holders.IsZero;

    /// <summary>Holds on to the block; false when it is gone already.</summary>
    public bool TryAcquire() => _holders.TryAdd();

    /// <summary>Lets go of the block; the last to do so closes the file.</summary>
    public void Release()
    {
        if (!_holders.Remove())
            return;
        cache.Remove(summary.Id);
        file.Dispose();
    }

    BlockTables? FindTables() =>
        cache.Find<SearchTables>(summary.Id, BlockPart.SearchTables)?.Tables ?? cache.Find<BlockTables>(summary.Id, BlockPart.Tables);

    // What only makes reading faster is done without when it is damaged.
    T? Spare<T>(BlockPart part, Func<(T Value, long Bytes)> load)
        where T : class =>
        Spare(() => cache.Get(summary.Id, part, load), part);

    T? Spare<T>(Func<T> read, BlockPart part)
        where T : class
    {
        try
        {
            return read();
        }
        catch (CorruptFileException corrupt)
        {
            damage.Add($"{corrupt.Message} The block's {part} are lost and done without; no span is.");
            return null;
        }
    }

    (ServiceOperation[] Operations, long Bytes) ReadOperations()
    {
        var operations = file.ReadOperations(Index);
        return (operations, operations.Sum(operation => 64L + 2 * (operation.Service.Length + operation.Name.Length)));
    }

    (ulong[] Words, long Bytes) ReadTraceFilter()
    {
        var words = file.ReadFilter(Index.TraceFilter);
        return (words, words.Length * 8L);
    }

    (int[] PageStarts, long Bytes) ReadTraceIndex()
    {
        var starts = file.ReadTraceIndexTable(Index);
        return (starts, starts.Length * 4L);
    }

    (Version2Filters Filters, long Bytes) ReadValueFilters(ChunkPlace place)
    {
        var filters = new Version2Filters(file, place, Index.Groups);
        return (filters, filters.MemoryBytes);
    }
}
