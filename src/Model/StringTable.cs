using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Clew.Model;

/// <summary>The distinct strings and byte strings of a batch, each with a code: 0 is the empty one, the others count up in order of arrival.</summary>
/// <remarks>
/// All bytes lie in one array. The hash is keyed per process, because the strings are a stranger's: equal hashes cannot be prepared in advance.
/// One writer, or many readers. The index for look-ups is built when first needed, so a table that was read from disk costs nothing until it is asked.
/// </remarks>
public sealed class StringTable
{
    static readonly ulong HashSeed = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(8));

    readonly bool _isPooled;
    readonly Column<byte> _bytes;
    readonly Column<int> _ends;
    readonly Column<uint> _hashes;
    readonly Lock _indexing = new();
    int[] _slots = [];

    public StringTable()
        : this(isPooled: false)
    {
    }

    /// <summary>A table whose memory comes from released ones when <paramref name="isPooled"/>: see <see cref="SpanBatch.Rent"/>.</summary>
    internal StringTable(bool isPooled)
    {
        _isPooled = isPooled;
        (_bytes, _ends, _hashes) = (new Column<byte>(isPooled), new Column<int>(isPooled), new Column<uint>(isPooled));
        _ends.Add(0);
    }

    /// <summary>The number of codes, the empty string's included.</summary>
    public int Count => _ends.Count;

    /// <summary>All strings back to back.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Values;

    /// <summary>Where each string ends in <see cref="Bytes"/>; it starts where the one before it ends.</summary>
    public ReadOnlySpan<int> Ends => _ends.Values;

    public long CapacityBytes => _bytes.CapacityBytes + _ends.CapacityBytes + _hashes.CapacityBytes + _slots.Length * 4L;

    public ReadOnlySpan<byte> this[int code]
    {
        get
        {
            var ends = _ends.Values;
            var start = code == 0 ? 0 : ends[code - 1];
            return _bytes.Values[start..ends[code]];
        }
    }

    /// <summary>The code's content as a new string; bytes that are not UTF-8 become U+FFFD.</summary>
    public string GetString(int code) => Encoding.UTF8.GetString(this[code]);

    /// <summary>The code of <paramref name="content"/>, given a new one if it is not here yet.</summary>
    public int Intern(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return 0;
        if (_slots.Length == 0)
            BuildIndex();
        var hash = Hash(content);
        var slots = _slots;
        var mask = slots.Length - 1;
        var at = (int)hash & mask;
        while (slots[at] is var code && code != 0)
        {
            if (_hashes[code] == hash && this[code].SequenceEqual(content))
                return code;
            at = (at + 1) & mask;
        }

        return Add(content, hash, at);
    }

    public int Intern(string content)
    {
        var bytesMax = Encoding.UTF8.GetMaxByteCount(content.Length);
        Span<byte> utf8 = bytesMax <= 512 ? stackalloc byte[bytesMax] : new byte[bytesMax];
        return Intern(utf8[..Encoding.UTF8.GetBytes(content, utf8)]);
    }

    /// <summary>Finds the code of <paramref name="content"/> without adding it.</summary>
    public bool TryFind(ReadOnlySpan<byte> content, out int code)
    {
        code = 0;
        if (content.IsEmpty)
            return true;
        if (Volatile.Read(ref _slots).Length == 0)
            BuildIndex();
        var hash = Hash(content);
        var slots = _slots;
        var mask = slots.Length - 1;
        for (var at = (int)hash & mask; slots[at] is var candidate && candidate != 0; at = (at + 1) & mask)
        {
            if (_hashes[candidate] == hash && this[candidate].SequenceEqual(content))
            {
                code = candidate;
                return true;
            }
        }

        return false;
    }

    /// <summary>As <see cref="TryFind(ReadOnlySpan{byte}, out int)"/>, for UTF-8 text.</summary>
    public bool TryFind(string content, out int code) => TryFind(Encoding.UTF8.GetBytes(content), out code);

    /// <summary>Replaces the content by a table read from disk.</summary>
    /// <returns>False, leaving the table empty, when the ends do not ascend from 0 to the length of <paramref name="bytes"/>.</returns>
    public bool TryLoad(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> ends)
    {
        Clear();
        var before = 0;
        for (var code = 0; code < ends.Length; code++)
        {
            if (ends[code] < before || (code == 0 && ends[code] != 0))
                return false;
            before = ends[code];
        }

        if (ends.IsEmpty || before != bytes.Length)
            return false;
        _ends.Clear();
        _ends.AddRange(ends);
        _bytes.AddRange(bytes);
        ReleaseSlots();
        return true;
    }

    public void Clear()
    {
        _bytes.Clear();
        _ends.Clear();
        _hashes.Clear();
        _ends.Add(0);
        if (_slots.Length > 0)
        {
            Array.Clear(_slots);
            _hashes.Add(0);
        }
    }

    internal void Trim()
    {
        _bytes.Trim();
        _ends.Trim();
        _hashes.Trim();
    }

    internal void Release()
    {
        _bytes.Release();
        _ends.Release();
        _hashes.Release();
        ReleaseSlots();
        _ends.Add(0);
    }

    void ReleaseSlots()
    {
        if (_isPooled)
            ColumnArrays<int>.Return(_slots);
        _slots = [];
    }

    int Add(ReadOnlySpan<byte> content, uint hash, int at)
    {
        var code = _ends.Count;
        _bytes.AddRange(content);
        _ends.Add(_bytes.Count);
        _hashes.Add(hash);
        _slots[at] = code;
        if (_ends.Count * 2 > _slots.Length)
            GrowIndex();
        return code;
    }

    void GrowIndex()
    {
        var slots = Slots(_hashes.Values, _slots.Length * 2);
        ReleaseSlots();
        Volatile.Write(ref _slots, slots);
    }

    void BuildIndex()
    {
        lock (_indexing)
        {
            if (_slots.Length > 0)
                return;
            _hashes.Clear();
            _hashes.Add(0);
            for (var code = 1; code < _ends.Count; code++)
                _hashes.Add(Hash(this[code]));
            var slotCount = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, _ends.Count * 2 + 1));
            Volatile.Write(ref _slots, Slots(_hashes.Values, slotCount));
        }
    }

    int[] Slots(ReadOnlySpan<uint> hashes, int slotCount)
    {
        int[] slots;
        if (_isPooled)
        {
            slots = ColumnArrays<int>.Rent(slotCount);
            slots.AsSpan().Clear();
        }
        else
        {
            slots = new int[slotCount];
        }

        Debug.Assert(slots.Length == slotCount, "Powers of two are sizes of pooled arrays.");
        var mask = slotCount - 1;
        for (var code = 1; code < hashes.Length; code++)
        {
            var at = (int)hashes[code] & mask;
            while (slots[at] != 0)
                at = (at + 1) & mask;
            slots[at] = code;
        }

        return slots;
    }

    // Eight bytes a step, each folded in by a 64 x 64 -> 128 bit multiplication (the construction of wyhash).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Hash(ReadOnlySpan<byte> content)
    {
        const ulong Odd = 0x9E3779B97F4A7C15, Other = 0xA0761D6478BD642F;
        ref var start = ref MemoryMarshal.GetReference(content);
        var length = content.Length;
        var state = HashSeed ^ ((ulong)length * Odd);
        var at = 0;
        for (; at + 8 <= length; at += 8)
            state = Fold(state ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at)), Odd);
        ulong tail = 0;
        if (length >= 8)
        {
            if (at < length)
                tail = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, length - 8));
        }
        else
        {
            for (; at < length; at++)
                tail = (tail << 8) | Unsafe.Add(ref start, at);
        }

        state = Fold(state ^ tail, Other);
        return (uint)(state ^ (state >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
