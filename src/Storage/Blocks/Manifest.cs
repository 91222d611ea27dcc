using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks;

/// <summary>The one file that says which blocks and segments are alive. It changes as a whole: a new one is written beside it, flushed, and renamed over it.</summary>
/// <remarks>
/// <code>
/// | "CLEWMANI" | version u32 = 2 | block count u32 | generation u64 | first live segment u64 | next block u64 |
/// | per block: number u64 | bytes u64 | spans u64 | earliest start u64 | latest start u64 | latest arrival u64 | earliest arrival u64 | level u8 | place u8 | tag u64 |
/// | expired count u32 | per level and cause: level u8 | cause u8 | blocks u64 | spans u64 | bytes u64 |
/// | dropped count u32 | per reason: traces u64 | spans u64 | reason length varint | reason, UTF-8 |
/// | store u128 | garbage count u32 | per object: place u8 | block u64 | tag u64 |
/// | crc32c of all before u32 |
/// </code>
/// Segments below the first live one are sealed: they are deleted when they are met. Blocks that are not listed were being written when a crash came, or are merged into
/// others: so are they. Version 1 ended after the blocks, and these after the latest arrival; all of them are live.
/// </remarks>
/// <param name="Generation">Counts the changes.</param>
internal sealed record Manifest(ulong Generation, ulong FirstLiveSegment, ulong NextBlock, ImmutableArray<BlockSummary> Blocks)
{
    const uint Version = 2;
    const int HeaderBytes = 40, BlockBytes = 66, BlockBytesOfVersion1 = 48, ExpiredBytes = 26, DroppedBytesMin = 17, GarbageBytes = 17;

    /// <summary>That of four million blocks.</summary>
    const int BytesMax = 1 << 28;

    static ReadOnlySpan<byte> Magic => "CLEWMANI"u8;

    public static Manifest Empty { get; } = new(0, 0, 1, []);

    /// <summary>What was removed by rule and is therefore not listed any more.</summary>
    public LossTally Losses { get; init; } = LossTally.None;

    /// <summary>What the keys of this store's objects in buckets begin with; 0 while there was none.</summary>
    public UInt128 Store { get; init; }

    /// <summary>Objects that may be in a bucket and are not alive: being written, or to be deleted. Nothing else is ever deleted from a bucket.</summary>
    public ImmutableArray<BlockObject> Garbage { get; init; } = [];

    /// <summary>Replaces the manifest of a folder, durably.</summary>
    public void Save(IStorageFolder folder)
    {
        const string Temporary = FileNames.Manifest + FileNames.Temporary;
        using (var file = folder.Create(Temporary))
        {
            file.Write(0, [ToBytes()]);
            file.Flush();
        }

        folder.Rename(Temporary, FileNames.Manifest);
        folder.Flush();
    }

    /// <exception cref="CorruptFileException">It is damaged.</exception>
    /// <exception cref="UnsupportedFormatException">A newer version wrote it.</exception>
    public static Manifest Load(IReadableFolder folder)
    {
        using var file = folder.OpenToRead(FileNames.Manifest);
        if (file.LengthBytes > BytesMax)
            throw new CorruptFileException(file.Path, BytesMax, $"a manifest of at most {BytesMax} bytes", $"{file.LengthBytes}");
        var bytes = new byte[file.LengthBytes];
        return Read(bytes.AsSpan(0, file.Read(0, bytes)), file.Path);
    }

    byte[] ToBytes()
    {
        using var to = new ByteWriter();
        to.Write(Magic);
        to.WriteUInt32(Version);
        to.WriteUInt32((uint)Blocks.Length);
        to.WriteUInt64(Generation);
        to.WriteUInt64(FirstLiveSegment);
        to.WriteUInt64(NextBlock);
        foreach (var block in Blocks)
        {
            foreach (var number in (ReadOnlySpan<ulong>)[block.Id, (ulong)block.Bytes, (ulong)block.SpanCount, block.StartMin.Value, block.StartMax.Value,
                block.ArrivedMax.Value, block.ArrivedMin.Value])
                to.WriteUInt64(number);
            to.WriteByte((byte)block.Level);
            to.WriteByte((byte)block.Place);
            to.WriteUInt64(block.Tag);
        }

        WriteLosses(to);
        WriteGarbage(to);
        to.WriteUInt32(Crc.Of(to.Written));
        return to.Written.ToArray();
    }

    void WriteLosses(ByteWriter to)
    {
        to.WriteUInt32((uint)Losses.Expired.Length);
        foreach (var expired in Losses.Expired)
        {
            to.WriteByte((byte)expired.Level);
            to.WriteByte((byte)expired.Cause);
            foreach (var number in (ReadOnlySpan<long>)[expired.BlockCount, expired.SpanCount, expired.Bytes])
                to.WriteUInt64((ulong)number);
        }

        to.WriteUInt32((uint)Losses.Dropped.Length);
        foreach (var dropped in Losses.Dropped)
        {
            to.WriteUInt64((ulong)dropped.TraceCount);
            to.WriteUInt64((ulong)dropped.SpanCount);
            var reason = Encoding.UTF8.GetBytes(dropped.Reason);
            to.WriteVarint((ulong)reason.Length);
            to.Write(reason);
        }
    }

    void WriteGarbage(ByteWriter to)
    {
        to.WriteUInt64((ulong)(Store >> 64));
        to.WriteUInt64((ulong)Store);
        to.WriteUInt32((uint)Garbage.Length);
        foreach (var item in Garbage)
        {
            to.WriteByte((byte)item.Place);
            to.WriteUInt64(item.Block);
            to.WriteUInt64(item.Tag);
        }
    }

    static Manifest Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < HeaderBytes + 4 || !bytes[..8].SequenceEqual(Magic))
            throw new CorruptFileException(path, 0, "a manifest", $"{bytes.Length} bytes of something else");
        if (Crc.Of(bytes[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]))
            throw new CorruptFileException(path, 0, "the checksum of a manifest", "another");
        var from = new ByteReader(bytes[8..^4], path, 8);
        var version = from.TakeUInt32();
        if (version is not (1 or Version))
            throw new UnsupportedFormatException(path, $"manifest version {version}");
        var count = from.TakeUInt32();
        var (generation, firstLive, nextBlock) = (from.TakeUInt64(), from.TakeUInt64(), from.TakeUInt64());
        if (count * (long)(version == 1 ? BlockBytesOfVersion1 : BlockBytes) > from.Remaining)
            from.Fail($"{count} blocks", $"{from.Remaining} bytes");
        var blocks = ImmutableArray.CreateBuilder<BlockSummary>((int)count);
        for (var at = 0; at < count; at++)
            blocks.Add(version == 1 ? ReadBlockOfVersion1(ref from) : ReadBlock(ref from));
        var manifest = new Manifest(generation, firstLive, nextBlock, blocks.MoveToImmutable());
        if (version > 1)
            manifest = manifest with { Losses = ReadLosses(ref from), Store = new UInt128(from.TakeUInt64(), from.TakeUInt64()), Garbage = ReadGarbage(ref from) };
        from.ExpectEnd();
        return manifest;
    }

    static BlockSummary ReadBlock(ref ByteReader from)
    {
        var block = ReadBlockOfVersion1(ref from) with
        {
            ArrivedMin = new UnixNanos(from.TakeUInt64()),
            Level = (StoreLevel)from.TakeByte(),
            Place = (BlockPlace)from.TakeByte(),
            Tag = from.TakeUInt64(),
        };
        if (block.Level > StoreLevel.Cold || block.Place > BlockPlace.ColdBucket)
            from.Fail("a level and a place", $"{(int)block.Level} and {(int)block.Place}");
        return block;
    }

    static BlockSummary ReadBlockOfVersion1(ref ByteReader from)
    {
        var (id, bytes, spans) = (from.TakeUInt64(), (long)from.TakeUInt64(), (long)from.TakeUInt64());
        var (startMin, startMax, arrived) = (new UnixNanos(from.TakeUInt64()), new UnixNanos(from.TakeUInt64()), new UnixNanos(from.TakeUInt64()));
        return new BlockSummary(id, bytes, spans, startMin, startMax, arrived, arrived, StoreLevel.Live, BlockPlace.Folder);
    }

    static LossTally ReadLosses(ref ByteReader from)
    {
        var expired = new ExpiredSpans[TakeCount(ref from, ExpiredBytes)];
        foreach (ref var item in expired.AsSpan())
            item = new ExpiredSpans((StoreLevel)from.TakeByte(), (ExpiryCause)from.TakeByte(), (long)from.TakeUInt64(), (long)from.TakeUInt64(), (long)from.TakeUInt64());
        var dropped = new DroppedTraces[TakeCount(ref from, DroppedBytesMin)];
        foreach (ref var item in dropped.AsSpan())
        {
            var (traces, spans) = ((long)from.TakeUInt64(), (long)from.TakeUInt64());
            item = new DroppedTraces(Encoding.UTF8.GetString(from.Take(from.TakeCount(from.Remaining))), traces, spans);
        }

        return new LossTally([.. expired], [.. dropped]);
    }

    static ImmutableArray<BlockObject> ReadGarbage(ref ByteReader from)
    {
        var garbage = new BlockObject[TakeCount(ref from, GarbageBytes)];
        foreach (ref var item in garbage.AsSpan())
        {
            item = new BlockObject((BlockPlace)from.TakeByte(), from.TakeUInt64(), from.TakeUInt64());
            if (item.Place is not (BlockPlace.WarmBucket or BlockPlace.ColdBucket))
                from.Fail("the place of an object", $"{(int)item.Place}");
        }

        return [.. garbage];
    }

    static int TakeCount(ref ByteReader from, int bytesEachMin)
    {
        var count = from.TakeUInt32();
        if (count * (long)bytesEachMin > from.Remaining)
            from.Fail($"{count} entries", $"{from.Remaining} bytes");
        return (int)count;
    }
}
