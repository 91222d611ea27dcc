using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Where a block's spans come from. It is in the block's footer, so that a lost manifest can be made again from the blocks alone.</summary>
/// <remarks>
/// Stored behind the row groups of the footer: <c>| level u8 | earliest arrival u64 | replaced block count u32 | replaced blocks, u64 each |</c>. Blocks that were written
/// before there was compaction end without it.
/// </remarks>
/// <param name="FirstSegment">The first of the segments that its spans arrived in.</param>
/// <param name="ArrivedMin">No span in it arrived before this.</param>
/// <param name="ArrivedMax">No span in it arrived after this: age counts from arrival, whatever the spans claim.</param>
/// <param name="Level">The level it was written for; a block may move on without being written again.</param>
/// <param name="Replaces">The blocks it was merged from: where both are found, those are to be deleted.</param>
internal sealed record BlockOrigin(
    ulong FirstSegment, ulong LastSegment, UnixNanos ArrivedMin, UnixNanos ArrivedMax, StoreLevel Level, ImmutableArray<ulong> Replaces)
{
    const int FixedBytes = 13;

    /// <summary>That of a block that cannot be read: it stands for nothing that is known of.</summary>
    public static BlockOrigin Unknown { get; } = new(0, 0, UnixNanos.MinValue, UnixNanos.MaxValue, StoreLevel.Live, []);

    public void WriteEnd(ByteWriter to)
    {
        to.WriteByte((byte)Level);
        to.WriteUInt64(ArrivedMin.Value);
        to.WriteUInt32((uint)Replaces.Length);
        foreach (var block in Replaces)
            to.WriteUInt64(block);
    }

    /// <summary>Adds what <see cref="WriteEnd"/> wrote to what stands at the start of the footer.</summary>
    public static BlockOrigin ReadEnd(ref ByteReader from, ulong firstSegment, ulong lastSegment, UnixNanos arrivedMax)
    {
        if (from.Remaining == 0)
            return new BlockOrigin(firstSegment, lastSegment, arrivedMax, arrivedMax, StoreLevel.Live, []);
        if (from.Remaining < FixedBytes)
            from.Fail("the origin of a block", $"{from.Remaining} bytes");
        var level = (StoreLevel)from.TakeByte();
        if (level > StoreLevel.Cold)
            from.Fail("a level", $"{(int)level}");
        var arrivedMin = new UnixNanos(from.TakeUInt64());
        var count = from.TakeUInt32();
        if (count * 8L != from.Remaining)
            from.Fail($"{count} numbers of blocks", $"{from.Remaining} bytes");
        var replaces = new ulong[count];
        foreach (ref var block in replaces.AsSpan())
            block = from.TakeUInt64();
        return new BlockOrigin(firstSegment, lastSegment, arrivedMin, arrivedMax, level, ImmutableArray.Create(replaces));
    }
}
