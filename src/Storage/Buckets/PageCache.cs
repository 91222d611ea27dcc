using System.Buffers;
using System.Buffers.Binary;
using Clew.Storage.Columns;
using Clew.Storage.Files;

namespace Clew.Storage.Buckets;

/// <summary>Pages of objects that live in buckets, kept in one file on the local disk, up to a number of bytes; the least recently used goes first.</summary>
/// <remarks>
/// <code>
/// | "CLEWPAGE" | version u32 = 1 | page bytes u32 | slots u32 | crc32c of all before u32 | zeros up to 4096 |
/// | per slot: object u64 | page u32 | length u32 | crc32c of the page u32 | crc32c of this entry's bytes before u32 | … zeros up to a multiple of 4096 |
/// | the slots, one page each |
/// </code>
/// Nothing is ever flushed: the file survives a restart, and after a power loss some entries do not fit their pages, which the checksums tell at their first use.
/// An object is known by a hash of its whole name, which is never given twice. A failure of the local disk makes the cache useless and harms nobody.
/// </remarks>
internal sealed class PageCache : IDisposable
{
    public const int PageBytes = 256 << 10;

    const uint Version = 1;
    const int HeaderBytes = 24, EntryBytes = 24, Alignment = 4096;

    static ReadOnlySpan<byte> Magic => "CLEWPAGE"u8;

    readonly IStorageFile _file;
    readonly Func<bool> _hasRoom;
    readonly long _slotsOffset;
    readonly int _slotCount;
    readonly Lock _lock = new();
    readonly Dictionary<(ulong Object, long Page), LinkedListNode<Slot>> _slots = [];
    readonly LinkedList<Slot> _byUse = [];
    readonly Stack<int> _free = new();
    int _usedSlots;

    PageCache(IStorageFile file, int slotCount, Func<bool> hasRoom)
    {
        _file = file;
        _slotCount = slotCount;
        _hasRoom = hasRoom;
        _slotsOffset = Alignment + Aligned(slotCount * (long)EntryBytes);
    }

    /// <summary>Bytes of pages that are there.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _slots.Count * (long)PageBytes;
        }
    }

    /// <summary>Opens the cache of a folder; one of another size, or a damaged one, is begun anew.</summary>
    /// <param name="bytesMax">At least one page.</param>
    /// <param name="freeBytesMin">The cache does not grow into this much space.</param>
    /// <returns>Null when the disk does not let it be made.</returns>
    public static PageCache? TryOpen(IStorageFolder folder, long bytesMax, long freeBytesMin)
    {
        var slotCount = checked((int)Math.Max(1, bytesMax / PageBytes));
        try
        {
            var exists = folder.List().Contains(FileNames.BucketPages);
            var cache = new PageCache(exists ? folder.Open(FileNames.BucketPages) : folder.Create(FileNames.BucketPages), slotCount, () => folder.FreeBytes > freeBytesMin + PageBytes);
            if (!exists || !cache.TryLoad())
                cache.Format();
            return cache;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes the cache of a folder whose blocks are all local.</summary>
    public static void Remove(IStorageFolder folder)
    {
        if (folder.List().Contains(FileNames.BucketPages))
            folder.Delete(FileNames.BucketPages);
    }

    /// <summary>Reads from one page, if it is there.</summary>
    /// <param name="count">Bytes read: less than asked for where the page ends.</param>
    public bool TryRead(ulong id, long page, int offset, Span<byte> target, out int count)
    {
        count = 0;
        if (TryHold(id, page) is not { } slot)
            return false;
        try
        {
            if (!slot.IsVerified && !TryVerify(slot))
                return false;
            count = Math.Clamp(slot.LengthBytes - offset, 0, target.Length);
            return _file.Read(OffsetOf(slot.Index) + offset, target[..count]) == count;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            LetGo(slot);
        }
    }

    public bool Contains(ulong id, long page)
    {
        lock (_lock)
            return _slots.ContainsKey((id, page));
    }

    /// <summary>Keeps a page, in the place of another where there is no room.</summary>
    /// <returns>Whether it is there now.</returns>
    public bool TryAdd(ulong id, long page, ReadOnlyMemory<byte> content)
    {
        if (TryTakeSlot(id, page) is not { } index)
            return Contains(id, page);
        var slot = new Slot(index, id, page, content.Length, Crc.Of(content.Span)) { IsVerified = true };
        try
        {
            _file.Write(OffsetOf(index), [content]);
            _file.Write(Alignment + index * (long)EntryBytes, [EntryOf(slot)]);
        }
        catch (IOException)
        {
            lock (_lock)
                _free.Push(index);
            return false;
        }

        lock (_lock)
        {
            var node = new LinkedListNode<Slot>(slot);
            if (_slots.TryAdd((id, page), node))
                _byUse.AddFirst(node);
            else
                _free.Push(index);
        }

        return true;
    }

    /// <summary>Drops the pages of an object: it is gone, or what was read of it is not what was written.</summary>
    public void Forget(ulong id)
    {
        lock (_lock)
        {
            foreach (var node in _slots.Values.Where(node => node.Value.Object == id).ToArray())
                Drop(node);
        }
    }

    public void Dispose() => _file.Dispose();

    static long Aligned(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    static byte[] EntryOf(Slot slot)
    {
        var entry = new byte[EntryBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, slot.Object);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(8), (uint)slot.Page);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(12), (uint)slot.LengthBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(16), slot.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(20), Crc.Of(entry.AsSpan(0, 20)));
        return entry;
    }

    long OffsetOf(int index) => _slotsOffset + index * (long)PageBytes;

    byte[] Header()
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), PageBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), (uint)_slotCount);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), Crc.Of(header.AsSpan(0, 20)));
        return header;
    }

    void Format()
    {
        _file.Truncate(0);
        _file.Write(0, [Header()]);
        // Zeros are no valid entry: the checksum of 20 zeros is not zero.
        _file.Truncate(_slotsOffset);
    }

    bool TryLoad()
    {
        var header = new byte[HeaderBytes];
        if (_file.Read(0, header) < HeaderBytes || !header.AsSpan().SequenceEqual(Header()))
            return false;
        var table = new byte[_slotCount * EntryBytes];
        if (_file.Read(Alignment, table) < table.Length)
            return false;
        for (var index = 0; index < _slotCount; index++)
        {
            if (!TryLoadEntry(index, table.AsSpan(index * EntryBytes, EntryBytes)))
                continue;
            for (; _usedSlots < index; _usedSlots++)
                _free.Push(_usedSlots);
            _usedSlots = index + 1;
        }

        return true;
    }

    bool TryLoadEntry(int index, ReadOnlySpan<byte> entry)
    {
        if (Crc.Of(entry[..20]) != BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]))
            return false;
        var slot = new Slot(
            index, BinaryPrimitives.ReadUInt64LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]),
            (int)Math.Min(PageBytes, BinaryPrimitives.ReadUInt32LittleEndian(entry[12..])), BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]));
        var node = new LinkedListNode<Slot>(slot);
        if (!_slots.TryAdd((slot.Object, slot.Page), node))
            return false;
        _byUse.AddLast(node);
        return true;
    }

    Slot? TryHold(ulong id, long page)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue((id, page), out var node))
                return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            node.Value.Readers++;
            return node.Value;
        }
    }

    // The bytes may have changed while the program was not there to see it; once they are known to be right, the operating system answers for them.
    bool TryVerify(Slot slot)
    {
        var page = ArrayPool<byte>.Shared.Rent(PageBytes);
        try
        {
            var count = _file.Read(OffsetOf(slot.Index), page.AsSpan(0, slot.LengthBytes));
            slot.IsVerified = count == slot.LengthBytes && Crc.Of(page.AsSpan(0, count)) == slot.Crc;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(page);
        }

        if (!slot.IsVerified)
        {
            lock (_lock)
            {
                if (!slot.IsGone)
                    Drop(_slots[(slot.Object, slot.Page)]);
            }
        }

        return slot.IsVerified;
    }

    // A slot that nobody reads: a free one, a new one while there is room, or the least recently used.
    int? TryTakeSlot(ulong id, long page)
    {
        lock (_lock)
        {
            if (_slots.ContainsKey((id, page)))
                return null;
            if (_free.TryPop(out var free))
                return free;
            if (_usedSlots < _slotCount && _hasRoom())
                return _usedSlots++;
            for (var node = _byUse.Last; node is not null; node = node.Previous)
            {
                if (node.Value.Readers > 0)
                    continue;
                Remove(node);
                return node.Value.Index;
            }

            return null;
        }
    }

    // The slot is free when its last reader has left.
    void Drop(LinkedListNode<Slot> node)
    {
        Remove(node);
        node.Value.IsGone = true;
        if (node.Value.Readers == 0)
            _free.Push(node.Value.Index);
    }

    void LetGo(Slot slot)
    {
        lock (_lock)
        {
            if (--slot.Readers == 0 && slot.IsGone)
                _free.Push(slot.Index);
        }
    }

    void Remove(LinkedListNode<Slot> node)
    {
        _slots.Remove((node.Value.Object, node.Value.Page));
        _byUse.Remove(node);
    }

    sealed class Slot(int index, ulong id, long page, int lengthBytes, uint crc)
    {
        public int Index => index;

        public ulong Object => id;

        public long Page => page;

        public int LengthBytes => lengthBytes;

        public uint Crc => crc;

        public int Readers { get; set; }

        public bool IsVerified { get; set; }

        /// <summary>No longer in the cache; those who read it may end.</summary>
        public bool IsGone { get; set; }
    }
}
