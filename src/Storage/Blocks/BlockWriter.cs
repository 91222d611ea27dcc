using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;
using Clew.Storage.Files;

namespace Clew.Storage.Blocks;

/// <summary>Writes spans as one block. The layout is drawn at <see cref="BlockFormat"/>.</summary>
internal sealed class BlockWriter : IDisposable
{
    const int WriteBytes = 1 << 20;

    readonly IStorageFile _file;
    readonly SpanBatch _source;
    readonly int[] _order;
    readonly int _rowsPerGroup;
    readonly ChunkWriter _chunks;
    readonly ByteWriter _buffer = new(WriteBytes * 2);
    readonly List<RowGroupInfo> _groups = [];
    readonly List<ulong> _valueFilters = [];
    long _offset;

    BlockWriter(IStorageFile file, SpanBatch source, int rowsPerGroup, bool useZstd)
    {
        _file = file;
        _source = source;
        _order = RowOrder.Of(source.Spans);
        _rowsPerGroup = rowsPerGroup;
        _chunks = new ChunkWriter(useZstd);
    }

    /// <summary>Writes a block and flushes it.</summary>
    /// <param name="file">Empty.</param>
    /// <param name="source">At least one span, in any order.</param>
    public static BlockIndex Write(IStorageFile file, SpanBatch source, BlockOrigin origin, int rowsPerGroup, bool useZstd, CancellationToken cancellation)
    {
        using var writer = new BlockWriter(file, source, rowsPerGroup, useZstd);
        var index = writer.Run(origin, cancellation);
        file.Flush();
        return index;
    }

    public void Dispose()
    {
        _chunks.Dispose();
        _buffer.Dispose();
    }

    BlockIndex Run(BlockOrigin origin, CancellationToken cancellation)
    {
        _buffer.Write(BlockFormat.Magic);
        _buffer.WriteUInt32(BlockFormat.Version);
        _buffer.WriteUInt32(0);
        var placement = new StringPlacement(_source, GroupOfRows());
        var gatherer = new RowGroupGatherer(_source, placement);
        for (var start = 0; start < _order.Length; start += _rowsPerGroup)
        {
            cancellation.ThrowIfCancellationRequested();
            gatherer.Gather(_order.AsSpan(start, Math.Min(_rowsPerGroup, _order.Length - start)));
            WriteGroup(gatherer, placement);
            FlushBuffer(WriteBytes);
        }

        return WriteEnd(placement.Dictionary, origin);
    }

    int[] GroupOfRows()
    {
        var groups = new int[_order.Length];
        for (var at = 0; at < _order.Length; at++)
            groups[_order[at]] = at / _rowsPerGroup;
        return groups;
    }

    void WriteGroup(RowGroupGatherer gatherer, StringPlacement placement)
    {
        var group = gatherer.Group;
        var locals = placement.LocalTable();
        var encoder = new BatchEncoder(_chunks, placement.SharedCount + placement.Locals.Count);
        if (placement.Locals.Count > 0)
            encoder.PutStrings(locals);
        encoder.PutNested(group.Nested, gatherer.SharedNested);
        var runs = TraceOrder.Put(_chunks, group.Spans);
        encoder.PutSpans(group, group.Scopes.Count);
        var counts = BatchCounts.Of(group) with
        {
            Strings = placement.Locals.Count > 0 ? locals.Count : 0,
            StringBytes = locals.Bytes.Length,
            Nested = group.Nested.Count - gatherer.SharedNested,
            Resources = 0,
            ResourceAttributes = 0,
            Entities = 0,
            EntityKeys = 0,
            Scopes = 0,
            ScopeAttributes = 0,
        };
        var start = _buffer.Count;
        var directoryBytes = _chunks.Finish(counts, runs, _buffer);
        AddValueFilter(locals);
        _groups.Add(Describe(group, _offset + start, _buffer.Count - start, directoryBytes, placement.Locals.Count));
    }

    void AddValueFilter(StringTable locals)
    {
        var hashes = new ulong[locals.Count - 1];
        for (var code = 1; code < locals.Count; code++)
            hashes[code - 1] = StableHash.Of(locals[code]);
        _valueFilters.AddRange(BloomFilter.Build(hashes));
    }

    static RowGroupInfo Describe(SpanBatch group, long offset, int bytes, int directoryBytes, int localStrings)
    {
        var spans = group.Spans;
        var (startMin, startMax) = NarrowColumn.Range(MemoryMarshal.Cast<UnixNanos, ulong>(spans.Starts.Values));
        ulong durationMin = ulong.MaxValue, durationMax = 0;
        byte kinds = 0, statuses = 0;
        for (var row = 0; row < spans.Count; row++)
        {
            var duration = spans.DurationNanos(row);
            durationMin = Math.Min(durationMin, duration);
            durationMax = Math.Max(durationMax, duration);
            kinds |= (byte)(1 << (int)spans.Kinds[row]);
            statuses |= (byte)(1 << (int)spans.Statuses[row]);
        }

        return new RowGroupInfo
        {
            Offset = offset,
            Bytes = bytes,
            DirectoryBytes = directoryBytes,
            Rows = spans.Count,
            FirstTrace = spans.TraceIds[0],
            LastTrace = spans.TraceIds[spans.Count - 1],
            StartMin = new UnixNanos(startMin),
            StartMax = new UnixNanos(startMax),
            DurationMin = durationMin,
            DurationMax = durationMax,
            Kinds = kinds,
            Statuses = statuses,
            HasComposites = HasComposites(spans.Attributes) || HasComposites(group.Events.Attributes) || HasComposites(group.Links.Attributes),
            LocalStrings = localStrings,
        };
    }

    static bool HasComposites(AttributeColumns attributes) =>
        MemoryMarshal.Cast<ValueKind, byte>(attributes.Values.Kinds.Values).ContainsAnyInRange((byte)ValueKind.Array, (byte)ValueKind.Bytes);

    BlockIndex WriteEnd(SpanBatch dictionary, BlockOrigin origin)
    {
        var dictionaryOffset = _offset + _buffer.Count;
        var dictionaryDirectoryBytes = WriteDictionary(dictionary);
        var dictionaryBytes = (int)(_offset + _buffer.Count - dictionaryOffset);
        using var operations = new ByteWriter();
        OperationTable.Write(operations, ServiceOperation.AllOf(_source));
        var index = new BlockIndex
        {
            SpanCount = _source.SpanCount,
            StartMin = _groups.Min(group => group.StartMin),
            StartMax = _groups.Max(group => group.StartMax),
            Origin = origin,
            Groups = [.. _groups],
            DictionaryOffset = dictionaryOffset,
            DictionaryBytes = dictionaryBytes,
            DictionaryDirectoryBytes = dictionaryDirectoryBytes,
            Operations = _chunks.WriteAlone(operations.Written, _buffer, _offset),
            TraceFilter = _chunks.WriteAlone(MemoryMarshal.AsBytes<ulong>(BuildTraceFilter()), _buffer, _offset),
            ValueFilters = _chunks.WriteAlone(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_valueFilters)), _buffer, _offset),
        };
        WriteFooter(index);
        return index;
    }

    int WriteDictionary(SpanBatch dictionary)
    {
        var counts = BatchCounts.Of(dictionary);
        var encoder = new BatchEncoder(_chunks, counts.Strings);
        encoder.PutStrings(dictionary.Strings);
        encoder.PutNested(dictionary.Nested, 0);
        encoder.PutResources(dictionary.Resources, counts.Nested);
        encoder.PutScopes(dictionary.Scopes, counts.Resources, counts.Nested);
        return _chunks.Finish(counts, 0, _buffer);
    }

    ulong[] BuildTraceFilter()
    {
        var hashes = new List<ulong>();
        var ids = _source.Spans.TraceIds.Values;
        for (var at = 0; at < _order.Length; at++)
        {
            var id = ids[_order[at]];
            if (at == 0 || id != ids[_order[at - 1]])
                hashes.Add(StableHash.Of(id));
        }

        return BloomFilter.Build(CollectionsMarshal.AsSpan(hashes));
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
