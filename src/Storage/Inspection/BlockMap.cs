using Clew.Model;
using Clew.Storage.Blocks;

namespace Clew.Storage.Inspection;

/// <summary>A block as the pieces it consists of, each with its checksum. The one place outside of the readers that knows the format's outline.</summary>
internal sealed class BlockMap(BlockFile file, BlockIndex index)
{
    readonly RowGroupDirectory _directory = new();
    StringTable? _strings;

    /// <summary>The pieces of a row group: its directory, then its columns.</summary>
    public IReadOnlyList<BlockPiece> PiecesOf(int number)
    {
        var group = index.Groups[number];
        var directory = new BlockPiece(
            "directories of row groups", PieceUse.Spans, number, group.DirectoryOffset, group.DirectoryBytes, group.DirectoryBytes, BlockPiece.EndsWithCrc);
        try
        {
            _directory.Read(file, group);
            return [directory, .. _directory.ChunksOf(group).Select(column => Of(column.Place, ColumnNames.Of(column.Key, Strings), PieceUse.Spans, number))];
        }
        catch (CorruptFileException)
        {
            // Columns cannot be told apart without it.
            return [directory];
        }
    }

    /// <summary>Everything but row groups.</summary>
    public IEnumerable<BlockPiece> Others()
    {
        yield return new BlockPiece("file header", PieceUse.Block, -1, 0, BlockFormat.HeaderBytes, BlockFormat.HeaderBytes, BlockPiece.WasCompared);
        foreach (var piece in DictionaryPieces())
            yield return piece;
        yield return Of(index.Shapes, "shapes", PieceUse.Block);
        yield return Of(index.Operations, "operations");
        yield return Of(index.TraceFilter, "trace filter");
        foreach (var piece in index.ValueFilters is { } filters ? [Of(filters, "value filters")] : ValueIndexPieces())
            yield return piece;
        yield return Of(index.TraceIndexTable, "trace index");
        foreach (var page in Pages())
            yield return page;
        var footerOffset = FooterOffset();
        var footerBytes = (int)(file.LengthBytes - footerOffset);
        yield return new BlockPiece("footer", PieceUse.Block, -1, footerOffset, footerBytes, footerBytes, BlockPiece.WasCompared);
    }

    StringTable Strings => _strings ??= ReadStrings();

    StringTable ReadStrings()
    {
        try
        {
            return file.ReadDictionary(index).Strings;
        }
        catch (CorruptFileException)
        {
            return new StringTable();
        }
    }

    BlockPiece Of(ChunkPlace place, string name, PieceUse use = PieceUse.Speed, int group = -1) =>
        new(name, use, group, place.Offset, place.Bytes, RawBytesOf(place), BlockPiece.BeginsWithCrc);

    int RawBytesOf(ChunkPlace place)
    {
        try
        {
            return (int)Math.Min(int.MaxValue, file.ReadRawBytes(place));
        }
        catch (CorruptFileException)
        {
            return place.Bytes;
        }
    }

    IEnumerable<BlockPiece> DictionaryPieces()
    {
        const string Name = "shared dictionary";
        var directory = new BlockPiece(Name, PieceUse.Block, -1, index.DictionaryOffset, index.DictionaryDirectoryBytes, index.DictionaryDirectoryBytes, BlockPiece.EndsWithCrc);
        try
        {
            using var source = new DictionarySource(file, index);
            return [directory, .. source.Chunks.Select(chunk => Of(chunk, Name, PieceUse.Block))];
        }
        catch (CorruptFileException)
        {
            return [directory];
        }
    }

    IEnumerable<BlockPiece> Pages()
    {
        int[] starts;
        try
        {
            starts = file.ReadTraceIndexTable(index);
        }
        catch (CorruptFileException)
        {
            // Without the table pages cannot be told apart; the table itself is reported.
            yield break;
        }

        var (offset, width) = (index.TraceIndexOffset, TraceIndex.GroupBytes(index.Groups.Length));
        for (var page = 0; page + 1 < starts.Length; page++)
        {
            var bytes = TraceIndex.PageBytes(starts[page + 1] - starts[page], width);
            yield return new BlockPiece("trace index", PieceUse.Speed, -1, offset, bytes, bytes, BlockPiece.BeginsWithCrc);
            offset += bytes;
        }
    }

    BlockPiece[] ValueIndexPieces()
    {
        const string Name = "value index";
        var place = index.ValueIndex;
        var table = Of(place.Table, Name);
        try
        {
            var starts = file.ReadValueIndexTable(index);
            return
            [
                table,
                .. Enumerable.Range(0, place.Pages).Select(page => (Start: place.Offset + starts[page], Bytes: starts[page + 1] - starts[page]))
                    .Select(page => new BlockPiece(Name, PieceUse.Speed, -1, page.Start, page.Bytes, page.Bytes, BlockPiece.BeginsWithCrc)),
            ];
        }
        catch (CorruptFileException)
        {
            return [table];
        }
    }

    long FooterOffset()
    {
        Span<byte> trailer = stackalloc byte[8];
        file.ReadExactly(file.LengthBytes - BlockFormat.TrailerBytes, trailer);
        return System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(trailer);
    }
}
