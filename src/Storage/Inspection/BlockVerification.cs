using System.Buffers;
using Clew.Storage.Blocks;

namespace Clew.Storage.Inspection;

/// <summary>Reads every byte of one block: checksums first, piece after piece, then what the pieces say, against each other and against the manifest.</summary>
internal sealed class BlockVerification(SnapshotBlock found, VerificationLog log, CancellationToken cancellation)
{
    const string Restore = "Blocks never change: put the file of this name from a backup in its place, with the server stopped. Until then queries leave out what is lost, and say so.";
    const string Bug = "This is a bug, not the disk: please report it. " + Restore;
    const string Harmless = "Nothing needs to be done: searches do without it, and are slower.";

    readonly BlockFile _file = found.Read();
    readonly List<BlockPiece> _pieces = [];
    string _loss = "";
    int _lossGroup = -1;

    public void Run()
    {
        if (TryReadIndex() is not { } index)
        {
            log.Advance(found.File.LengthBytes);
            return;
        }

        CheckManifest(index);
        var map = new BlockMap(_file, index);
        var others = CheckAll([.. map.Others()], index);
        // Checksums are right; whether what they cover makes sense is another question, asked only of what is whole.
        using var content = others.Exists(damaged => damaged.Use == PieceUse.Block) ? null : TryReadContent(index);
        var (damagedCount, goodSpanCount) = (others.Count, 0L);
        for (var number = 0; number < index.Groups.Length; number++)
        {
            // One after the other: what was read for its checksums is still at hand for its content.
            var damaged = CheckAll(map.PiecesOf(number), index);
            damagedCount += damaged.Count;
            if (damaged.Count > 0)
                content?.Skip();
            else if (content?.Check(number) == true)
                goodSpanCount += index.Groups[number].Rows;
        }

        // Not before the end: a block whose bucket fails halfway is counted as not checked, whole.
        log.AddGood(goodSpanCount);
        CheckOutline(damagedCount);
    }

    BlockIndex? TryReadIndex()
    {
        try
        {
            return _file.ReadIndex();
        }
        catch (CorruptFileException corrupt)
        {
            var isHeader = corrupt.Offset < BlockFormat.HeaderBytes && _file.LengthBytes >= BlockFormat.HeaderBytes;
            Add(corrupt.Offset, (isHeader ? BlockFormat.HeaderBytes : _file.LengthBytes) - corrupt.Offset, corrupt.Message, AllSpans, Restore);
        }
        catch (UnsupportedFormatException unknown)
        {
            Add(8, 4, unknown.Message, AllSpans, "If a newer version of clew wrote it, use that one. Else the file is damaged. " + Restore);
        }

        return null;
    }

    string AllSpans => found.Summary.AllSpans;

    void CheckManifest(BlockIndex index)
    {
        var said = found.Summary;
        // Somebody put a whole one in the place of a damaged one.
        if (said.IsUnknown)
            return;
        var isSame = BlockSummary.Of(said.Id, _file.LengthBytes, index) with { Level = said.Level, Place = said.Place, Tag = said.Tag } == said;
        if (!isSame)
        {
            Add(
                0, _file.LengthBytes,
                $"the manifest speaks of {said.SpanCount} spans in {said.Bytes} bytes, from {Time(said.StartMin)} to {Time(said.StartMax)}; "
                + $"the block of {index.SpanCount} in {_file.LengthBytes}, from {Time(index.StartMin)} to {Time(index.StartMax)}",
                "unknown: this is another block than the one that belongs here", Restore);
        }
    }

    /// <returns>The pieces that are damaged.</returns>
    List<BlockPiece> CheckAll(IReadOnlyList<BlockPiece> pieces, BlockIndex index)
    {
        var damaged = new List<BlockPiece>();
        foreach (var piece in pieces)
        {
            cancellation.ThrowIfCancellationRequested();
            _pieces.Add(piece);
            if (!IsGood(piece))
            {
                damaged.Add(piece);
                Report(piece, index);
            }

            log.Advance(piece.Bytes);
        }

        return damaged;
    }

    bool IsGood(BlockPiece piece)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(piece.Bytes);
        try
        {
            _file.ReadExactly(piece.Offset, buffer.AsSpan(0, piece.Bytes));
            return piece.Check(buffer.AsMemory(0, piece.Bytes));
        }
        catch (CorruptFileException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void Report(BlockPiece piece, BlockIndex index)
    {
        var problem = $"'{piece.Description}' is not as it was written: its checksum is another";
        switch (piece.Use)
        {
            case PieceUse.Speed: Add(piece.Offset, piece.Bytes, problem, "no span", Harmless); break;
            case PieceUse.Block: Add(piece.Offset, piece.Bytes, problem, AllSpans, Restore); break;
            default: Add(piece.Offset, piece.Bytes, problem, LossOf(index.Groups[piece.Group]), Restore); break;
        }
    }

    // Of a row group that is damaged in one place many others are, too.
    string LossOf(RowGroupInfo group)
    {
        if (_lossGroup != group.Number)
            (_lossGroup, _loss) = (group.Number, $"up to {group.Rows} spans that start from {Time(group.StartMin)} to {Time(group.StartMax)}, of {TracesOf(group)}");
        return _loss;
    }

    // Which traces they are of is a column of its own, and mostly still there.
    string TracesOf(RowGroupInfo group)
    {
        const int Named = 3;
        try
        {
            using var reader = new RowGroupReader(_file, BlockTables.Read(_file, _file.ReadIndex()));
            var ids = reader.ReadRuns(group).Select(run => run.Id).Distinct().ToArray();
            var rest = ids.Length > Named ? $" and {ids.Length - Named} others" : "";
            return $"{(ids.Length == 1 ? "trace" : "traces")} {string.Join(", ", ids.Take(Named))}{rest}";
        }
        catch (CorruptFileException)
        {
            return $"traces from {group.FirstTrace} to {group.LastTrace} in the order of the block, which ones is lost";
        }
    }

    BlockContentCheck? TryReadContent(BlockIndex index)
    {
        try
        {
            return new BlockContentCheck(_file, found.Summary, index, (group, problem) => Add(
                group.Offset, group.Bytes, problem, $"unknown; queries may answer wrongly for {LossOf(group)}", Bug));
        }
        catch (CorruptFileException corrupt)
        {
            Add(corrupt.Offset, 0, corrupt.Message, AllSpans, Bug);
            return null;
        }
    }

    // What belongs to no piece is under no checksum.
    void CheckOutline(int damagedCount)
    {
        if (damagedCount > 0)
            return;
        var end = 0L;
        foreach (var piece in _pieces.OrderBy(piece => piece.Offset))
        {
            if (piece.Offset != end)
            {
                var (from, to) = (Math.Min(end, piece.Offset), Math.Max(end, piece.Offset));
                Add(from, to - from, piece.Offset > end ? "these bytes belong to nothing" : $"'{piece.Description}' overlaps what is before it", "no span", Harmless);
            }

            end = piece.End;
        }
    }

    void Add(long offset, long bytes, string problem, string loss, string advice) => log.Add(new FoundDamage(_file.Path, offset, bytes, problem, loss, advice));

    static string Time(Model.UnixNanos time) => $"{time.ToDateTimeOffset():O}";
}
