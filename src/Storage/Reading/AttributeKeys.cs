using Clew.Model;
using Clew.Storage.Blocks;
using Clew.Storage.Blocks.Search;

namespace Clew.Storage.Reading;

/// <summary>Lists the keys of attributes in head and blocks, without reading a value.</summary>
internal sealed class AttributeKeys(StoreContents contents, DamageLog damage, ReadTurns turns, ReadTurns farTurns)
{
    /// <summary>Keys of one answer: who has more makes them of values, and nobody chooses from them.</summary>
    const int KeysMax = 10_000;

    /// <exception cref="ObjectDisposedException">The store is gone.</exception>
    public async Task<IReadOnlyList<AttributeKey>> FindAsync(TimeRange starts, ReadMeter meter, CancellationToken cancellation)
    {
        var found = new HashSet<AttributeKey>();
        using var lease = ViewLease.Take(contents);
        foreach (var head in new HeadBatches(lease.View).All)
        {
            cancellation.ThrowIfCancellationRequested();
            if (IsOver(found, meter))
                break;
            var isPruned = !starts.Overlaps(head.StartMin, head.StartMax);
            meter.CountBlock(isPruned);
            if (!isPruned)
                Add(head.Batch, found);
        }

        foreach (var block in lease.View.Blocks)
        {
            if (IsOver(found, meter))
                break;
            var isPruned = !starts.Overlaps(block.Summary.StartMin, block.Summary.StartMax);
            meter.CountBlock(isPruned);
            if (!isPruned)
                await AddAsync(block, starts, found, meter, cancellation);
        }

        IsOver(found, meter);
        return [.. found.Take(KeysMax).OrderBy(key => key.Owner).ThenBy(key => key.Key, StringComparer.Ordinal)];
    }

    static bool IsOver(HashSet<AttributeKey> found, ReadMeter meter)
    {
        if (found.Count > KeysMax)
            meter.Spend(ReadLimit.Memory);
        return meter.IsSpent;
    }

    async Task AddAsync(Block block, TimeRange starts, HashSet<AttributeKey> found, ReadMeter meter, CancellationToken cancellation)
    {
        var taken = block.Summary.Place == BlockPlace.Folder ? turns : farTurns;
        await taken.TakeAsync(cancellation);
        try
        {
            damage.TryRead(block.Summary, () => found.UnionWith(new BlockKeys(block, starts, meter, damage).Find(KeysMax + 1, cancellation)));
        }
        finally
        {
            taken.Return();
        }
    }

    static void Add(SpanBatch batch, HashSet<AttributeKey> found)
    {
        Add(AttributeOwners.Span, batch.Spans.Attributes);
        Add(AttributeOwners.Resource, batch.Resources.Attributes);
        Add(AttributeOwners.Scope, batch.Scopes.Attributes);
        Add(AttributeOwners.Event, batch.Events.Attributes);
        Add(AttributeOwners.Link, batch.Links.Attributes);

        void Add(AttributeOwners owner, AttributeColumns columns)
        {
            var isKey = new bool[batch.Strings.Count];
            foreach (var key in columns.Keys.Values)
                isKey[key] = true;
            for (var code = 0; code < isKey.Length && found.Count <= KeysMax; code++)
            {
                if (isKey[code])
                    found.Add(new AttributeKey(owner, batch.Strings.GetString(code)));
            }
        }
    }
}
