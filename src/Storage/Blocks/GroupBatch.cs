using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>The batch in which a thread shows row groups of one block, one after the other, over the block's own tables.</summary>
/// <param name="reader">Has the row group open that is read next.</param>
internal sealed class GroupBatch(RowGroupReader reader, BlockProjection projection)
{
    /// <summary>Strings of row groups' own that a table takes in before a new one is begun.</summary>
    const int OwnStringsMax = 1 << 16, OwnBytesMax = 1 << 24;

    BatchTarget? _target;

    /// <summary>What it has in memory beside the block's own tables, about.</summary>
    public long MemoryBytes => _target is null || _target.Batch.Strings == reader.Tables.Dictionary.Strings ? 0 : BatchMemory.Of(_target.Batch);

    /// <summary>Decodes rows, from the first of a run on, up to the last of one. Good until the next call.</summary>
    /// <exception cref="CorruptFileException">Something of them is damaged.</exception>
    public SpanBatch Read(int first, int count)
    {
        var dictionary = reader.Tables.Dictionary;
        if (_target is null || IsFull(_target.Batch.Strings, dictionary.Strings))
            _target = BatchTarget.Over(dictionary, projection.HasOwnStrings);
        _target.Batch.ClearSpans(dictionary.Nested.Count);
        new RowGroupDecoder(reader, projection).Append(first, count, _target);
        return _target.Batch;
    }

    static bool IsFull(StringTable strings, StringTable shared) => strings.Count - shared.Count > OwnStringsMax || strings.Bytes.Length - shared.Bytes.Length > OwnBytesMax;
}
