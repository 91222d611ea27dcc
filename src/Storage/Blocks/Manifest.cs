using System.Buffers.Binary;
using System.Collections.Immutable;
using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks;

/// <summary>The one file that says which blocks and segments are alive. It changes as a whole: a new one is written beside it, flushed, and renamed over it.</summary>
/// <remarks>
/// <code>
/// | "CLEWMANI" | version u32 = 1 | block count u32 | generation u64 | first live segment u64 | next block u64 |
/// | per block: number u64 | bytes u64 | spans u64 | earliest start u64 | latest start u64 | arrived u64 |
/// | crc32c of all before u32 |
/// </code>
/// Segments below the first live one are sealed: they are deleted when they are met. Blocks that are not listed were being written when a crash came: so are they.
/// </remarks>
/// <param name="Generation">Counts the changes.</param>
internal sealed record Manifest(ulong Generation, ulong FirstLiveSegment, ulong NextBlock, ImmutableArray<BlockSummary> Blocks)
{
    const uint Version = 1;
    const int HeaderBytes = 40, BlockBytes = 48;

    static ReadOnlySpan<byte> Magic => "CLEWMANI"u8;

    public static Manifest Empty { get; } = new(0, 0, 1, []);

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
        var bytes = new byte[checked((int)file.LengthBytes)];
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
            foreach (var number in (ReadOnlySpan<ulong>)[block.Id, (ulong)block.Bytes, (ulong)block.SpanCount, block.StartMin.Value, block.StartMax.Value, block.Arrived.Value])
                to.WriteUInt64(number);
        }

        to.WriteUInt32(Crc.Of(to.Written));
        return to.Written.ToArray();
    }

    static Manifest Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < HeaderBytes + 4 || !bytes[..8].SequenceEqual(Magic))
            throw new CorruptFileException(path, 0, "a manifest", $"{bytes.Length} bytes of something else");
        if (Crc.Of(bytes[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]))
            throw new CorruptFileException(path, 0, "the checksum of a manifest", "another");
        var from = new ByteReader(bytes[8..^4], path, 8);
        if (from.TakeUInt32() is var version && version != Version)
            throw new UnsupportedFormatException(path, $"manifest version {version}");
        var count = from.TakeUInt32();
        if (count * (long)BlockBytes != bytes.Length - HeaderBytes - 4)
            from.Fail($"{count} blocks", $"{bytes.Length} bytes");
        var (generation, firstLive, nextBlock) = (from.TakeUInt64(), from.TakeUInt64(), from.TakeUInt64());
        var blocks = ImmutableArray.CreateBuilder<BlockSummary>((int)count);
        for (var at = 0; at < count; at++)
        {
            blocks.Add(new BlockSummary(
                from.TakeUInt64(), (long)from.TakeUInt64(), (long)from.TakeUInt64(), new UnixNanos(from.TakeUInt64()), new UnixNanos(from.TakeUInt64()),
                new UnixNanos(from.TakeUInt64())));
        }

        return new Manifest(generation, firstLive, nextBlock, blocks.MoveToImmutable());
    }
}
