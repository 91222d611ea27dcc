using System.Buffers.Binary;
using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks.Version1;

/// <summary>A block of version 1, read row group after row group so that it can be written again as today's.</summary>
/// <remarks>
/// <code>
/// | "CLEWBLCK" | version u32 = 1 | 0 u32 | row groups | dictionary | operations | trace filter | value filters | footer |
/// | footer offset u64 | footer bytes u32 | footer crc32c u32 | "CLEWBEND" |
///
/// footer: | spans u64 | earliest start u64 | latest start u64 | arrived u64 | first segment u64 | last segment u64 |
///         | dictionary offset u64 | its bytes u64 | its directory's bytes u64 | operations and filters, 3 × 21 bytes |
///         | row group count u32 | per row group: offset u64 | bytes u64 | directory bytes u64 | rows u64 | 75 bytes more |
/// </code>
/// Rows are sorted by trace id, then start. Row groups and dictionary are those of <see cref="Version1Source"/>.
/// </remarks>
internal sealed class Version1Block
{
    const uint Version = 1;
    const int PartBytes = 21, RowGroupRestBytes = 75;

    readonly IReadableFile _file;
    readonly List<Place> _groups = [];

    Version1Block(IReadableFile file, Place footer, uint footerCrc)
    {
        _file = file;
        var bytes = Read(footer);
        if (Crc.Of(bytes) is var found && found != footerCrc)
            throw new CorruptFileException(file.Path, footer.Offset, $"the footer with the checksum {footerCrc:x8}", $"{found:x8}");
        var from = new ByteReader(bytes, file.Path, footer.Offset);
        (SpanCount, StartMin, StartMax) = ((long)from.TakeUInt64(), new UnixNanos(from.TakeUInt64()), new UnixNanos(from.TakeUInt64()));
        var arrived = new UnixNanos(from.TakeUInt64());
        Origin = new BlockOrigin(from.TakeUInt64(), from.TakeUInt64(), arrived, arrived, StoreLevel.Live, []);
        var dictionary = TakePlace(ref from);
        from.Take(PartBytes * 3);
        var count = from.TakeUInt32();
        for (var group = 0; group < count; group++)
        {
            _groups.Add(TakePlace(ref from));
            from.Take(8 + RowGroupRestBytes);
        }

        from.ExpectEnd();
        Dictionary = ReadDictionary(dictionary);
    }

    public long SpanCount { get; }

    public UnixNanos StartMin { get; }

    public UnixNanos StartMax { get; }

    public BlockOrigin Origin { get; }

    public SpanBatch Dictionary { get; }

    public int GroupCount => _groups.Count;

    /// <summary>Whether a file says that it is a block of version 1.</summary>
    public static bool Is(IReadableFile file)
    {
        Span<byte> header = stackalloc byte[BlockFormat.HeaderBytes];
        return file.Read(0, header) == header.Length && header[..8].SequenceEqual(BlockFormat.Magic) && BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) == Version;
    }

    /// <param name="file">For which <see cref="Is"/> holds.</param>
    /// <exception cref="CorruptFileException">The footer or the dictionary is damaged.</exception>
    public static Version1Block Open(IReadableFile file)
    {
        Span<byte> trailer = stackalloc byte[BlockFormat.TrailerBytes];
        var trailerOffset = file.LengthBytes - trailer.Length;
        if (trailerOffset < BlockFormat.HeaderBytes || file.Read(trailerOffset, trailer) < trailer.Length || !trailer[16..].SequenceEqual(BlockFormat.EndMagicBefore3))
            throw new CorruptFileException(file.Path, Math.Max(0, trailerOffset), "the end of a block", "something else");
        var footerOffset = BinaryPrimitives.ReadUInt64LittleEndian(trailer);
        var footerBytes = BinaryPrimitives.ReadUInt32LittleEndian(trailer[8..]);
        if (footerOffset > (ulong)trailerOffset || footerOffset + footerBytes != (ulong)trailerOffset)
            throw new CorruptFileException(file.Path, trailerOffset, "the place of the footer", $"{footerBytes} bytes at {footerOffset}");
        return new Version1Block(file, new Place((long)footerOffset, (int)footerBytes, 0), BinaryPrimitives.ReadUInt32LittleEndian(trailer[12..]));
    }

    /// <summary>A row group as a batch: the block's resources and scopes, the shared strings followed by the row group's own.</summary>
    /// <exception cref="CorruptFileException">It is damaged.</exception>
    public SpanBatch ReadGroup(int group)
    {
        var source = Columns(_groups[group]);
        var counts = source.Counts;
        var batch = new SpanBatch(StringsWith(source), Dictionary.Resources, Dictionary.Scopes);
        for (var row = 0; row < Dictionary.Nested.Count; row++)
            batch.Nested.Set(batch.Nested.Append(1), Dictionary.Nested.Keys[row], Dictionary.Nested.Values[row]);
        if (counts.Spans == 0)
            return batch;
        Version1Order.Take(source, batch.Spans);
        var decoder = new BatchDecoder(source, batch.Strings.Count);
        decoder.TakeNested(batch.Nested, counts.Nested);
        decoder.TakeSpans(batch, counts, Dictionary.Scopes.Count, SpanParts.All);
        return batch;
    }

    public BlockSummary Summarize(ulong id) => new(
        id, _file.LengthBytes, SpanCount, StartMin, StartMax, Origin.ArrivedMin, Origin.ArrivedMax, Origin.Level, BlockPlace.Folder);

    SpanBatch ReadDictionary(Place place)
    {
        var source = Columns(place);
        var counts = source.Counts;
        var decoder = new BatchDecoder(source, counts.Strings);
        var dictionary = new SpanBatch();
        decoder.TakeStrings(dictionary.Strings, counts.Strings, counts.StringBytes);
        decoder.TakeNested(dictionary.Nested, counts.Nested);
        decoder.TakeResources(dictionary.Resources, counts);
        decoder.TakeScopes(dictionary.Scopes, counts);
        return dictionary;
    }

    StringTable StringsWith(Version1Source source)
    {
        var strings = new StringTable();
        strings.TryLoad(Dictionary.Strings.Bytes, Dictionary.Strings.Ends);
        if (source.Counts.Strings <= 1)
            return strings;
        var locals = new StringTable();
        new BatchDecoder(source, 0).TakeStrings(locals, source.Counts.Strings, source.Counts.StringBytes);
        int[] ends = [.. Dictionary.Strings.Ends, .. locals.Ends[1..]];
        foreach (ref var end in ends.AsSpan(Dictionary.Strings.Count))
            end += Dictionary.Strings.Bytes.Length;
        strings.TryLoad([.. Dictionary.Strings.Bytes, .. locals.Bytes], ends);
        return strings;
    }

    Version1Source Columns(Place place) => new(Read(place), place.DirectoryBytes, _file.Path, place.Offset);

    byte[] Read(Place place)
    {
        if (place.Offset + place.Bytes > _file.LengthBytes)
            throw new CorruptFileException(_file.Path, place.Offset, $"{place.Bytes} bytes", "the end of the file");
        var bytes = new byte[place.Bytes];
        return _file.Read(place.Offset, bytes) == bytes.Length
            ? bytes
            : throw new CorruptFileException(_file.Path, place.Offset, $"{bytes.Length} bytes", "the end of the file");
    }

    static Place TakePlace(ref ByteReader from)
    {
        ulong offset = from.TakeUInt64(), bytes = from.TakeUInt64(), directory = from.TakeUInt64();
        if (offset > long.MaxValue / 2 || bytes > int.MaxValue || directory > bytes)
            from.Fail("the place of a row group", $"{bytes} bytes at {offset}");
        return new Place((long)offset, (int)bytes, (int)directory);
    }

    sealed record Place(long Offset, int Bytes, int DirectoryBytes);
}
