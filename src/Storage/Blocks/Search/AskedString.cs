using System.Text;
using Clew.Storage.Columns;
using Clew.Model;

namespace Clew.Storage.Blocks.Search;

/// <summary>A string that a condition asks for: one of the block's dictionary, or else at most one of a row group's own.</summary>
internal sealed class AskedString
{
    readonly byte[] _utf8;

    public AskedString(string text, StringTable shared)
    {
        _utf8 = Encoding.UTF8.GetBytes(text);
        Hash = StableHash.Of(_utf8);
        Shared = shared.TryFind(_utf8, out var code) ? code : -1;
    }

    /// <summary>For the value index.</summary>
    public ulong Hash { get; }

    /// <summary>Its code in the dictionary; -1 when only a row group's own strings can be it.</summary>
    public int Shared { get; }

    public bool IsNotShared => Shared < 0;

    /// <summary>Its code among the row group's own strings; -1 when it is not there.</summary>
    public int FindOwn(RowGroupReader reader)
    {
        // Where nothing was known, or wrong, the bytes alone tell.
        if (!reader.OwnBytesContain(_utf8))
            return -1;
        var (ends, bytes) = reader.OwnStrings;
        var start = 0;
        for (var at = 0; at < ends.Length; start = ends[at++])
        {
            if (ends[at] - start == _utf8.Length && bytes.AsSpan(start, _utf8.Length).SequenceEqual(_utf8))
                return reader.Tables.Dictionary.Strings.Count + at;
        }

        return -1;
    }
}
