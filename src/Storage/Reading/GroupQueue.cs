using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Reading;

/// <summary>The row groups that a scan has to read, of many blocks, in slices. Any number of threads take from it, and open the blocks.</summary>
internal sealed class GroupQueue(ImmutableArray<SpanSelection> selections, ReadMeter meter, DamageLog damage)
{
    /// <summary>Row groups that a thread reads before it looks whether others could help, or need its turn.</summary>
    const int SliceGroups = 16;

    readonly Lock _lock = new();
    readonly Queue<Block> _blocks = [];
    readonly Queue<GroupSlice> _slices = [];

    public void Add(IEnumerable<Block> blocks)
    {
        lock (_lock)
        {
            foreach (var block in blocks)
                _blocks.Enqueue(block);
        }
    }

    /// <summary>Takes a slice. Blocks are opened first, so that in the end there is something for every thread.</summary>
    /// <returns>False when there is nothing for this thread: what is left, others are opening.</returns>
    public bool TryTake([NotNullWhen(true)] out GroupSlice? slice, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Block? unopened;
            lock (_lock)
            {
                if (!_blocks.TryDequeue(out unopened))
                {
                    slice = _slices.TryDequeue(out var taken) ? taken : null;
                    return slice is not null;
                }
            }

            damage.TryRead(unopened.Summary, () => Open(unopened));
        }
    }

    // May take its time, with nothing locked: the block's tables are read.
    void Open(Block block)
    {
        var opened = ScannedBlock.Open(block, selections);
        meter.CountBlock(isPruned: opened is null or { Wanted: [] });
        if (opened is null or { Wanted: [] })
            return;
        meter.CountPrunedGroups(opened.Groups.Length - opened.Wanted.Length);
        lock (_lock)
        {
            for (var start = 0; start < opened.Wanted.Length; start += SliceGroups)
                _slices.Enqueue(new GroupSlice(opened, start, Math.Min(opened.Wanted.Length, start + SliceGroups)));
        }
    }
}
