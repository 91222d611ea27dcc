using System.Diagnostics;
using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks;

/// <summary>Writes spans as one block, row group after row group, in memory that does not depend on how many there are. The layout is drawn at <see cref="BlockFormat"/>.</summary>
/// <remarks>
/// Rows come in their final order, that of <see cref="RowOrder"/>, from any number of batches, a trace's rows one behind the other. What is kept until the end is a hash per
/// trace and per string of a row group's own, and what the footer says of each row group.
/// </remarks>
internal sealed class BlockWriter : IDisposable
{
    const int WriteBytes = 1 << 20;

    readonly IStorageFile _file;
    readonly BlockDictionary _dictionary;
    readonly int _rowsPerGroup;
    readonly ChunkWriter _chunks;
    readonly RowGroupGatherer _gatherer;
    readonly RowGroupEncoder _encoder;
    readonly TraceRuns _runs = new();
    readonly OperationCollector _operations = new();
    readonly ByteWriter _buffer = new(WriteBytes * 2);
    readonly ByteWriter _directories = new();
    readonly List<RowGroupInfo> _groups = [];
    readonly ValueIndexWriter _values = new();
    long _offset;

    /// <param name="file">Empty; it stays the caller's.</param>
    /// <param name="dictionary">Has all names, keys and scopes of what will be appended.</param>
    public BlockWriter(IStorageFile file, BlockDictionary dictionary, int rowsPerGroup, ChunkCodec codec)
    {
        _file = file;
        _dictionary = dictionary;
        _rowsPerGroup = rowsPerGroup;
        _chunks = new ChunkWriter(codec);
        _gatherer = new RowGroupGatherer(dictionary.Batch);
        _encoder = new RowGroupEncoder(_chunks, dictionary.Batch.Strings.Count);
        _buffer.Write(BlockFormat.Magic);
        _buffer.WriteUInt32(BlockFormat.Version);
        _buffer.WriteUInt32(0);
    }

    /// <summary>Writes a block of one batch, and flushes it.</summary>
    /// <param name="source">At least one span, in any order.</param>
    public static BlockIndex Write(IStorageFile file, SpanBatch source, BlockOrigin origin, int rowsPerGroup, ChunkCodec codec, CancellationToken cancellation)
    {
        var order = RowOrder.Of(source.Spans);
        var (dictionary, rows) = BlockDictionary.Of(source, order, rowsPerGroup);
        using var writer = new BlockWriter(file, dictionary, rowsPerGroup, codec);
        writer.Append(rows, order, KeepDecision.Undecided, cancellation);
        return writer.Finish(origin);
    }

    /// <summary>Spans appended so far.</summary>
    public long SpanCount { get; private set; }

    /// <summary>Prepares a batch for <see cref="Append"/>. What it holds is needed as long as the caller appends rows of the batch, and no longer.</summary>
    /// <exception cref="InvalidOperationException">The block's dictionary was not made of this batch's scopes.</exception>
    public RowSource Map(SpanBatch batch) => _dictionary.Map(batch);

    /// <summary>Appends rows of a batch.</summary>
    /// <param name="decision">Holds for all traces of these rows.</param>
    /// <exception cref="InvalidOperationException">The block's dictionary was not made of the batch's names and keys.</exception>
    public void Append(RowSource source, ReadOnlySpan<int> rows, KeepDecision decision, CancellationToken cancellation)
    {
        var ids = source.Batch.Spans.TraceIds.Values;
        while (!rows.IsEmpty)
        {
            cancellation.ThrowIfCancellationRequested();
            var taken = rows[..CountThatFit(ids, rows)];
            if (!taken.IsEmpty)
            {
                _runs.Add(ids, taken, decision, _groups.Count);
                _gatherer.Add(source, taken);
                SpanCount += taken.Length;
                rows = rows[taken.Length..];
            }

            if (!rows.IsEmpty)
                WriteGroup();
        }
    }

    /// <summary>Writes what is left, dictionary, filters and footer, and flushes the file.</summary>
    public BlockIndex Finish(BlockOrigin origin)
    {
        Debug.Assert(SpanCount > 0);
        if (_gatherer.RowCount > 0)
            WriteGroup();
        var index = WriteEnd(origin);
        _file.Flush();
        return index;
    }

    public void Dispose()
    {
        _chunks.Dispose();
        _buffer.Dispose();
        _directories.Dispose();
        _encoder.Dispose();
        _values.Dispose();
    }

    // A trace stays in one row group where that leaves none less than half full: it is then read with one read, and its parents are all in reach.
    int CountThatFit(ReadOnlySpan<TraceId> ids, ReadOnlySpan<int> rows)
    {
        var room = _rowsPerGroup - _gatherer.RowCount;
        if (rows.Length <= room)
            return rows.Length;
        var cut = room;
        while (cut > 0 && ids[rows[cut]] == ids[rows[cut - 1]])
            cut--;
        return _gatherer.RowCount + cut >= _rowsPerGroup / 2 ? cut : room;
    }

    void WriteGroup()
    {
        var (start, directoryStart) = (_buffer.Count, _directories.Count);
        _encoder.Encode(_gatherer, _runs, _directories, _buffer);
        _directories.WriteUInt32(Crc.Of(_directories.Written[directoryStart..]));
        _values.Add(_groups.Count, _gatherer.Locals);
        _operations.Add(_gatherer.Group.Spans);
        _groups.Add(Describe(_groups.Count, _gatherer, _offset + start, _buffer.Count - start, _directories.Count - directoryStart));
        _gatherer.Clear();
        FlushBuffer(WriteBytes);
    }

    static RowGroupInfo Describe(int number, RowGroupGatherer gatherer, long offset, int bytes, int directoryBytes)
    {
        var spans = gatherer.Group.Spans;
        var bounds = SpanBounds.Of(spans);
        return new RowGroupInfo
        {
            Number = number,
            Offset = offset,
            Bytes = bytes,
            DirectoryOffset = 0,
            DirectoryBytes = directoryBytes,
            Rows = spans.Count,
            FirstTrace = spans.TraceIds[0],
            LastTrace = spans.TraceIds[spans.Count - 1],
            StartMin = bounds.StartMin,
            StartMax = bounds.StartMax,
            DurationMin = bounds.DurationMin,
            DurationMax = bounds.DurationMax,
            OwnStrings = gatherer.Locals.Count - 1,
            HasComposites = HasComposites(spans.Attributes) || HasComposites(gatherer.Group.Events.Attributes) || HasComposites(gatherer.Group.Links.Attributes),
        };
    }

    static bool HasComposites(AttributeColumns attributes) =>
        MemoryMarshal.Cast<ValueKind, byte>(attributes.Values.Kinds.Values).ContainsAnyInRange((byte)ValueKind.Array, (byte)ValueKind.Bytes);

    BlockIndex WriteEnd(BlockOrigin origin)
    {
        var (dictionaryOffset, dictionaryDirectoryBytes) = (_offset + _buffer.Count, WriteDictionary(_dictionary.Batch));
        var dictionaryBytes = (int)(_offset + _buffer.Count - dictionaryOffset);
        // Filter first: pages are written in order of hash.
        var traceFilter = WritePart(MemoryMarshal.AsBytes<ulong>(BloomFilter.Build(_runs.TraceHashes)));
        var traceIndexOffset = _offset + _buffer.Count;
        var tracesPerPage = TraceIndex.WritePages(_runs.TraceHashes, _runs.TraceGroups, _groups.Count, _buffer);
        using var traceTable = new ByteWriter();
        NarrowColumn.Write(traceTable, Array.ConvertAll(tracesPerPage, count => (ulong)count));
        using var valueTable = new ByteWriter();
        var (valueIndexOffset, valueIndexPages) = (_offset + _buffer.Count, WriteValueIndex(valueTable));
        using var operations = new ByteWriter();
        OperationTable.Write(operations, _operations.ToOperations(_dictionary.Batch));
        using var shapes = new ByteWriter();
        shapes.WriteVarint((ulong)_encoder.SharedShapes.Count);
        _encoder.SharedShapes.Write(shapes);
        var directoriesOffset = _offset + _buffer.Count;
        _buffer.Write(_directories.Written);
        var index = new BlockIndex
        {
            SpanCount = SpanCount,
            StartMin = _groups.Min(group => group.StartMin),
            StartMax = _groups.Max(group => group.StartMax),
            Origin = origin,
            Groups = [.. _groups],
            DirectoriesOffset = directoriesOffset,
            DictionaryOffset = dictionaryOffset,
            DictionaryBytes = dictionaryBytes,
            DictionaryDirectoryBytes = dictionaryDirectoryBytes,
            TraceIndexOffset = traceIndexOffset,
            TraceIndexPages = tracesPerPage.Length,
            TraceIndexTable = WritePart(traceTable.Written),
            Operations = WritePart(operations.Written),
            TraceFilter = traceFilter,
            ValueIndex = new ValueIndexPlace(valueIndexOffset, valueIndexPages, WritePart(valueTable.Written)),
            Shapes = WritePart(shapes.Written),
        };
        WriteFooter(index);
        return index;
    }

    /// <returns>The number of pages.</returns>
    int WriteValueIndex(ByteWriter table)
    {
        var pageBytes = new ulong[_values.Sort()];
        for (var page = 0; page < pageBytes.Length; page++)
        {
            pageBytes[page] = (ulong)_values.WritePage(page, pageBytes.Length, _buffer);
            FlushBuffer(WriteBytes);
        }

        NarrowColumn.Write(table, pageBytes);
        return pageBytes.Length;
    }

    ChunkPlace WritePart(ReadOnlySpan<byte> part) => _chunks.WriteAlone(part, _buffer, _offset);

    /// <returns>The length of its directory.</returns>
    int WriteDictionary(SpanBatch dictionary)
    {
        var counts = BatchCounts.Of(dictionary);
        var encoder = new BatchEncoder(_chunks, counts.Strings);
        encoder.PutStrings(dictionary.Strings);
        encoder.PutNested(dictionary.Nested, 0);
        encoder.PutResources(dictionary.Resources, counts.Nested);
        encoder.PutScopes(dictionary.Scopes, counts.Resources, counts.Nested);
        using var directory = new ByteWriter();
        using var chunks = new ByteWriter();
        counts.Write(directory);
        _chunks.Finish(directory, chunks);
        directory.WriteUInt32(Crc.Of(directory.Written));
        _buffer.Write(directory.Written);
        _buffer.Write(chunks.Written);
        return directory.Count;
    }

    void WriteFooter(BlockIndex index)
    {
        var footer = index.ToBytes();
        var footerOffset = _offset + _buffer.Count;
        _buffer.Write(footer);
        _buffer.WriteUInt64((ulong)footerOffset);
        _buffer.WriteUInt32((uint)footer.Length);
        _buffer.WriteUInt32(Crc.Of(footer));
        _buffer.Write(BlockFormat.EndMagic);
        FlushBuffer(1);
    }

    void FlushBuffer(int bytesMin)
    {
        if (_buffer.Count < bytesMin)
            return;
        _file.Write(_offset, [_buffer.Memory]);
        _offset += _buffer.Count;
        _buffer.Clear();
    }
}
