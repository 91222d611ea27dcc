using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Clew.Otlp.Protobuf;

/// <summary>Walks the fields of one protobuf message in place: no copy, no allocation.</summary>
/// <remarks>
/// <para>After <see cref="Next"/> exactly one of the reading methods, or <see cref="Skip"/>, takes the field. A malformed field ends the walk: the reading
/// method returns a default, <see cref="Next"/> answers false, and <see cref="IsSound"/> tells that this was not the end of the message.</para>
/// <para>Positions count from the start of the request, so that an error can name its byte. This is the only place that reads without the runtime's bounds
/// checks: every read lies below <c>_end</c>, which is checked against the enclosing message, and so at last against the request.</para>
/// </remarks>
internal ref struct ProtoReader
{
    readonly ReadOnlySpan<byte> _request;
    readonly int _start;
    int _end;
    int _at;
    int _faultDetail;
    int _faultBytesLeft;
    ProtoFault _fault;

    public ProtoReader(ReadOnlySpan<byte> request)
        : this(request, 0, request.Length)
    {
    }

    ProtoReader(ReadOnlySpan<byte> request, int start, int end)
    {
        _request = request;
        _start = start;
        _at = start;
        _end = end;
    }

    /// <summary>Number and wire type of the current field; 0 when they could not be read.</summary>
    public uint Tag { get; private set; }

    /// <summary>Where the current field's tag starts.</summary>
    public int FieldStart { get; private set; }

    /// <summary>Where the message starts.</summary>
    public readonly int Start => _start;

    /// <summary>False once a field was malformed.</summary>
    public readonly bool IsSound => _fault == ProtoFault.None;

    /// <summary>Where the malformed part starts.</summary>
    public int FaultOffset { get; private set; }

    /// <summary>The bytes from here to the end of the message.</summary>
    public readonly ReadOnlySpan<byte> Content =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(_request), _at), _end - _at);

    /// <summary>The same message from its start.</summary>
    public readonly ProtoReader Restarted() => new(_request, _start, _end);

    /// <summary>Advances to the next field.</summary>
    /// <returns>False at the end of the message, and after a malformed field.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next()
    {
        var at = _at;
        if (at >= _end)
            return false;
        FieldStart = at;
        uint tag = ByteAt(at);
        if (tag < 0x80)
        {
            Tag = tag;
            _at = at + 1;
            return true;
        }

        return NextLongTag();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Varint()
    {
        var at = _at;
        if (at < _end)
        {
            ulong first = ByteAt(at);
            if (first < 0x80)
            {
                _at = at + 1;
                return first;
            }
        }

        return LongVarint();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Fixed64()
    {
        var at = _at;
        if (_end - at < sizeof(ulong))
            return Fail(ProtoFault.Fixed64Cut, at, _end - at);
        _at = at + sizeof(ulong);
        var wire = Unsafe.ReadUnaligned<ulong>(in Unsafe.Add(ref MemoryMarshal.GetReference(_request), at));
        return BitConverter.IsLittleEndian ? wire : BinaryPrimitives.ReverseEndianness(wire);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Fixed32()
    {
        var at = _at;
        if (_end - at < sizeof(uint))
            return (uint)Fail(ProtoFault.Fixed32Cut, at, _end - at);
        _at = at + sizeof(uint);
        var wire = Unsafe.ReadUnaligned<uint>(in Unsafe.Add(ref MemoryMarshal.GetReference(_request), at));
        return BitConverter.IsLittleEndian ? wire : BinaryPrimitives.ReverseEndianness(wire);
    }

    /// <summary>The content of a length-delimited field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Bytes()
    {
        var length = Length();
        var start = _at;
        _at = start + length;
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(_request), start), length);
    }

    /// <summary>A length-delimited field as a message of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ProtoReader Message()
    {
        var length = Length();
        var start = _at;
        _at = start + length;
        return new ProtoReader(_request, start, start + length);
    }

    /// <summary>Passes over the current field, whatever it is.</summary>
    /// <param name="nestingMax">How deep groups may lie in each other.</param>
    public void Skip(int nestingMax)
    {
        switch ((WireType)(Tag & 7))
        {
            case var _ when Tag >> 3 == 0: Fail(ProtoFault.FieldZero, FieldStart, 0); break;
            case WireType.Varint: Varint(); break;
            case WireType.Fixed64: Fixed64(); break;
            case WireType.Bytes: Bytes(); break;
            case WireType.StartGroup: SkipGroup(nestingMax); break;
            case WireType.EndGroup: Fail(ProtoFault.StrayEndGroup, FieldStart, (int)(Tag >> 3)); break;
            case WireType.Fixed32: Fixed32(); break;
            default: Fail(ProtoFault.UnknownWireType, FieldStart, (int)(Tag & 7)); break;
        }
    }

    /// <summary>The malformation as a clause for people.</summary>
    public readonly string Describe() => _fault switch
    {
        ProtoFault.VarintCut => "the message ends within a varint",
        ProtoFault.VarintTooLong => "a varint goes on after 10 bytes",
        ProtoFault.TagTooLong => "a field number is larger than 2^29 - 1",
        ProtoFault.LengthOverrun => $"length {(uint)_faultDetail} overruns the {_faultBytesLeft} bytes that are left",
        ProtoFault.LengthTooLarge => $"a length of more than 4 GiB overruns the {_faultBytesLeft} bytes that are left",
        ProtoFault.Fixed64Cut => $"8 bytes expected, {_faultDetail} are left",
        ProtoFault.Fixed32Cut => $"4 bytes expected, {_faultDetail} are left",
        ProtoFault.FieldZero => "field number 0 is not allowed",
        ProtoFault.UnknownWireType => $"wire type {_faultDetail} does not exist",
        ProtoFault.StrayEndGroup => $"the end of group {_faultDetail} has no start",
        ProtoFault.GroupCut => "the message ends within a group",
        ProtoFault.GroupsTooDeep => $"groups lie deeper in each other than the {_faultDetail} levels that the limit {nameof(OtlpLimits.NestingMax)} allows",
        _ => "sound",
    };

    /// <summary>How many fields with this number the message has before <paramref name="offset"/>.</summary>
    public readonly int CountBefore(int offset, uint fieldNumber, int nestingMax)
    {
        var reader = Restarted();
        var count = 0;
        while (reader.Next() && reader.FieldStart < offset)
        {
            if (reader.Tag >> 3 == fieldNumber)
                count++;
            reader.Skip(nestingMax);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Length()
    {
        var at = _at;
        if (at < _end)
        {
            int length = ByteAt(at);
            if (length < 0x80 && length < _end - at)
            {
                _at = at + 1;
                return length;
            }
        }

        return LongLength();
    }

    // Groups are what proto2 had before messages: a field of type 3 opens one, a field of type 4 with the same number closes it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    void SkipGroup(int nestingMax)
    {
        var (tag, fieldStart) = (Tag, FieldStart);
        Span<uint> open = stackalloc uint[nestingMax];
        open[0] = tag >> 3;
        for (var depth = 1; depth > 0 && IsSound;)
        {
            if (!Next())
            {
                if (IsSound)
                    Fail(ProtoFault.GroupCut, _at, 0);
                break;
            }

            var number = Tag >> 3;
            switch ((WireType)(Tag & 7))
            {
                case WireType.StartGroup when number != 0 && depth == nestingMax: Fail(ProtoFault.GroupsTooDeep, FieldStart, nestingMax); break;
                case WireType.StartGroup when number != 0: open[depth++] = number; break;
                case WireType.EndGroup when number == open[depth - 1]: depth--; break;
                default: Skip(nestingMax); break;
            }
        }

        // The current field is the group again: it is what an error names.
        (Tag, FieldStart) = (tag, fieldStart);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    int LongLength()
    {
        var at = _at;
        var length = Varint();
        if (!IsSound)
            return 0;
        var left = _end - _at;
        if (length <= (ulong)left)
            return (int)length;
        _faultBytesLeft = left;
        Fail(length > uint.MaxValue ? ProtoFault.LengthTooLarge : ProtoFault.LengthOverrun, at, (int)(uint)length);
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    bool NextLongTag()
    {
        var at = _at;
        Tag = 0;
        var tag = LongVarint();
        if (!IsSound)
            return false;
        if (tag > uint.MaxValue)
        {
            Fail(ProtoFault.TagTooLong, at, 0);
            return false;
        }

        Tag = (uint)tag;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    ulong LongVarint()
    {
        ulong value = 0;
        var start = _at;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at >= _end)
                return Fail(ProtoFault.VarintCut, start, 0);
            ulong next = ByteAt(_at++);
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        return Fail(ProtoFault.VarintTooLong, start, 0);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    ulong Fail(ProtoFault fault, int offset, int detail)
    {
        _fault = fault;
        _faultDetail = detail;
        FaultOffset = offset;
        _at = _end = offset;
        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly byte ByteAt(int offset) => Unsafe.Add(ref MemoryMarshal.GetReference(_request), offset);
}
