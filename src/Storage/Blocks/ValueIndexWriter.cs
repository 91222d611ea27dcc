using System.Diagnostics;
using System.Runtime.InteropServices;
using Clew.Model;
using Clew.Storage.Columns;

namespace Clew.Storage.Blocks;

/// <summary>Gathers the strings of row groups, eight bytes for each, and writes the <see cref="ValueIndex"/> of them.</summary>
internal sealed class ValueIndexWriter : IDisposable
{
    /// <summary>An entry is the upper 40 bits of the hash, then the row group in 24: in the order of such numbers is in that of the index.</summary>
    const ulong GroupMask = ~ValueIndex.HashMask;

    /// <summary>A gibibyte of them.</summary>
    const int EntriesMax = 1 << 27;

    readonly IntegerColumnWriter _columns = new();
    readonly ByteWriter _entries = new();
    readonly List<ulong> _marks = [], _groups = [];
    int _next;
    bool _isTooLarge;

    Span<ulong> Entries => MemoryMarshal.Cast<byte, ulong>(_entries.Written);

    /// <summary>Adds the strings that a row group has for itself.</summary>
    /// <param name="locals">The first one, which is empty, is none of them.</param>
    public void Add(int group, StringTable locals)
    {
        _isTooLarge |= (ulong)group > GroupMask || locals.Count - 1 > EntriesMax - Entries.Length;
        if (_isTooLarge)
            return;
        var added = MemoryMarshal.Cast<byte, ulong>(_entries.Append((locals.Count - 1) * sizeof(ulong)));
        for (var code = 1; code < locals.Count; code++)
            added[code - 1] = (StableHash.Of(locals[code]) & ValueIndex.HashMask) | (uint)group;
    }

    /// <summary>Puts entries in order, to be written page by page.</summary>
    /// <returns>The number of pages.</returns>
    public int Sort()
    {
        var entries = Entries;
        entries.Sort();
        var pages = (entries.Length + ValueIndex.EntriesPerPage - 1) / ValueIndex.EntriesPerPage;
        for (int start = 0, page = 0; page < pages; page++)
        {
            var end = EndOf(page, pages, start);
            _isTooLarge |= end - start > ValueIndex.PageEntriesMax;
            start = end;
        }

        return _isTooLarge ? 0 : pages;
    }

    /// <summary>Writes the next page.</summary>
    /// <returns>How many bytes it has.</returns>
    public int WritePage(int page, int pageCount, ByteWriter to)
    {
        Debug.Assert(page > 0 || _next == 0);
        _marks.Clear();
        _groups.Clear();
        for (var end = EndOf(page, pageCount, _next); _next < end; _next++)
        {
            ValueIndex.PageOf(Entries[_next], pageCount, out var mark);
            _marks.Add(mark);
            _groups.Add(Entries[_next] & GroupMask);
        }

        var start = to.Count;
        to.WriteUInt32(0);
        to.WriteVarint((ulong)_marks.Count);
        _columns.Write(to, CollectionsMarshal.AsSpan(_marks));
        _columns.Write(to, CollectionsMarshal.AsSpan(_groups));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(to.Written[start..], Crc.Of(to.Written[(start + ValueIndex.CrcBytes)..]));
        return to.Count - start;
    }

    public void Dispose() => _entries.Dispose();

    int EndOf(int page, int pageCount, int start)
    {
        var end = start;
        while (end < Entries.Length && ValueIndex.PageOf(Entries[end], pageCount, out _) == page)
            end++;
        return end;
    }
}
