using Clew.Storage.Blocks;

namespace Clew.Storage.Inspection;

/// <summary>A block as the pieces it consists of, each with its checksum. The one place outside of the readers that knows the format's outline.</summary>
internal sealed class BlockMap(BlockFile file, BlockIndex index)
{
    const string Directories = "directories of row groups";

    /// <summary>The pieces of a row group: its directory, then its columns.</summary>
    public IReadOnlyList<BlockPiece> PiecesOf(int number)
    {
        var group = index.Groups[number];
        return WithDirectory(group.Offset, group.Bytes, group.DirectoryBytes, PieceUse.Spans, number, name: null);
    }

    /// <summary>Everything but row groups.</summary>
    public IEnumerable<BlockPiece> Others()
    {
        yield return new BlockPiece("file header", PieceUse.Block, -1, 0, BlockFormat.HeaderBytes, BlockFormat.HeaderBytes, BlockPiece.WasCompared);
        foreach (var piece in WithDirectory(index.DictionaryOffset, index.DictionaryBytes, index.DictionaryDirectoryBytes, PieceUse.Block, -1, "shared dictionary"))
            yield return piece;
        yield return Of(index.Operations, "operations");
        yield return Of(index.TraceFilter, "trace filter");
        yield return Of(index.ValueFilters, "value filters");
        yield return Of(index.TraceIndexTable, "trace index");
        foreach (var page in Pages())
            yield return page;
        var footerOffset = FooterOffset();
        var footerBytes = (int)(file.LengthBytes - footerOffset);
        yield return new BlockPiece("footer", PieceUse.Block, -1, footerOffset, footerBytes, footerBytes, BlockPiece.WasCompared);
    }

    static BlockPiece Of(ChunkInfo part, string name) => new(name, PieceUse.Speed, -1, part.Offset, part.StoredBytes, part.RawBytes, BlockPiece.HasCrc(part.Crc));

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

    List<BlockPiece> WithDirectory(long offset, int totalBytes, int directoryBytes, PieceUse use, int group, string? name)
    {
        using var source = new RowGroupSource(file);
        try
        {
            source.Open(offset, totalBytes, directoryBytes, readAll: false);
        }
        catch (CorruptFileException)
        {
            // What is behind it cannot be told apart without it.
            return [new BlockPiece(name ?? Directories, use, group, offset, totalBytes, totalBytes, _ => false)];
        }

        var directory = new BlockPiece(name ?? Directories, use, group, offset, directoryBytes, directoryBytes, BlockPiece.EndsWithCrc);
        return [directory, .. source.Chunks.Select(column =>
            new BlockPiece(name ?? ColumnNames.Of(column.Id), use, group, column.Chunk.Offset, column.Chunk.StoredBytes, column.Chunk.RawBytes, BlockPiece.HasCrc(column.Chunk.Crc)))];
    }

    long FooterOffset()
    {
        Span<byte> trailer = stackalloc byte[8];
        file.ReadExactly(file.LengthBytes - BlockFormat.TrailerBytes, trailer);
        return System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(trailer);
    }
}
