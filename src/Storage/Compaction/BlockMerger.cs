using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Files;

namespace Clew.Storage.Compaction;

/// <summary>Merges blocks into one: trace by trace in the order of rows, the parts of each put together by start.</summary>
/// <remarks>
/// All inputs are walked side by side in their own order, which is that of the result. A trace has its turn with its earliest span; its other parts are taken then from as far
/// ahead as there is memory for. What lies farther apart stays apart, to be met in its own turn: a trace that took longer than the row groups in memory has several places in the
/// result. So each row group is read once, however the traces are scattered. Only where rules decide about whole traces are they put together from wherever they are.
/// In memory are the dictionaries (see <see cref="CountThatFit"/>), and of each input the row groups within reach.
/// </remarks>
/// <param name="rules">Asked about whole traces when a level wants that; null keeps all.</param>
internal sealed class BlockMerger(StoreContents contents, ManifestFile manifest, IKeepRules? rules, StorageOptions options, CompactionPace pace)
{
    /// <summary>Dictionaries get this share of the memory that a merge may take, row groups the rest.</summary>
    const int DictionaryShare = 2;

    /// <summary>What a block's dictionary takes while it is merged: it is in memory whole, and in the merged one once more.</summary>
    /// <exception cref="UnreadableBlockException">It cannot be read.</exception>
    public static long DictionaryBytes(Block block) => DictionaryBytes(TablesOf(block));

    /// <summary>How many of the first of these blocks can be merged within the bound of memory; at least one, which a merge by itself has no choice about.</summary>
    /// <exception cref="UnreadableBlockException">One of them cannot be read.</exception>
    public int CountThatFit(IReadOnlyList<Block> inputs)
    {
        var left = options.Compaction.MemoryBytesMax / DictionaryShare;
        var count = 0;
        while (count < inputs.Count && ((left -= DictionaryBytes(inputs[count])) >= 0 || count == 0))
            count++;
        return count;
    }

    /// <param name="file">Empty. It is flushed at the end, unless nothing was written.</param>
    /// <param name="inputs">In the order of arrival.</param>
    /// <exception cref="UnreadableBlockException">One of the inputs cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task<MergeResult> MergeAsync(IStorageFile file, IReadOnlyList<Block> inputs, BlockOrigin origin, CancellationToken cancellation)
    {
        pace.Begin();
        var tables = inputs.Select(TablesOf).ToArray();
        var levels = manifest.Current.Blocks.ToDictionary(block => block.Id, block => block.Level);
        var isNewLevel = inputs.Any(input => levels[input.Summary.Id] < origin.Level);
        using var elsewhere = rules?.DecidesAt(origin.Level) == true ? new TraceElsewhere(contents, inputs, levels, origin.Level) : null;
        var decider = elsewhere is null ? null : new TraceDecider(rules!, origin.Level, isNewLevel, elsewhere);
        using var target = pace.Flushing(file);
        using var writer = new BlockWriter(target, BlockDictionary.Union(tables.Select(table => table.Dictionary)), options.RowGroupRows, options.Codec);
        var pending = new PendingRows(writer, cancellation);
        var open = new List<MergeInput>();
        try
        {
            var memoryBytes = Math.Max(options.Compaction.MemoryBytesMax / DictionaryShare, options.Compaction.MemoryBytesMax - tables.Sum(DictionaryBytes));
            for (var number = 0; number < tables.Length; number++)
                open.Add(new MergeInput(number, inputs[number], tables[number], writer, pending, pace, memoryBytes / inputs.Count, reachesAll: decider is not null));
            await CopyAsync(open, pending, decider, cancellation);
        }
        finally
        {
            open.ForEach(input => input.Dispose());
        }

        var dropped = decider?.Dropped ?? LossTally.None;
        CheckCount(tables, writer.SpanCount, dropped);
        return new MergeResult(writer.SpanCount == 0 ? null : writer.Finish(origin), dropped);
    }

    static long DictionaryBytes(BlockTables tables) => 2 * BatchMemory.Of(tables.Dictionary);

    static BlockTables TablesOf(Block block)
    {
        try
        {
            return block.ReadTables();
        }
        catch (IOException failure)
        {
            throw new UnreadableBlockException(block, failure);
        }
    }

    async Task CopyAsync(List<MergeInput> inputs, PendingRows pending, TraceDecider? decider, CancellationToken cancellation)
    {
        var trace = new MergedTrace();
        while (Earliest(inputs) is { } next)
        {
            // A part that was out of reach may follow at once: the rows of a trace that are neighbours are in order of start.
            var id = next.Current.Id;
            if (!trace.IsEmpty && trace.Id != id)
                Append();
            trace.Take(id, inputs);
            if (pace.IsRestDue)
                await pace.RestAsync(cancellation);
        }

        if (!trace.IsEmpty)
            Append();
        pending.Flush();

        void Append()
        {
            var decision = decider?.Decide(trace) ?? trace.Recorded;
            if (decision.IsKept)
                trace.AppendTo(pending, decision);
            trace.Clear();
        }
    }

    static MergeInput? Earliest(List<MergeInput> inputs)
    {
        MergeInput? earliest = null;
        foreach (var input in inputs)
        {
            if (!input.IsAtEnd && (earliest is null || Compare(input.Current, earliest.Current) < 0))
                earliest = input;
        }

        return earliest;
    }

    static int Compare(in TraceRun left, in TraceRun right) => RowOrder.CompareTraces(left.Start, left.Id, right.Start, right.Id);

    // The readers of blocks check what they read; this checks what became of it, before anything is deleted.
    static void CheckCount(BlockTables[] inputs, long writtenCount, LossTally dropped)
    {
        var (before, after) = (inputs.Sum(input => input.Index.SpanCount), writtenCount + dropped.Dropped.Sum(drop => drop.SpanCount));
        if (before != after)
            throw new InvalidOperationException($"{before} spans of {inputs.Length} blocks became {after}.");
    }
}
