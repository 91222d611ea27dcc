using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Clew.Model;

namespace Clew.Otlp;

/// <summary>What both decoders do to the batch they fill: intern text, take room for memory before it is used, and reject spans without an identity.</summary>
/// <remarks>
/// Columns grow by doubling, so a byte of a row is paid for twice, and so is a byte of text; what is not used after all is given back by <see cref="Settle"/>.
/// Once there is no more room nothing more is kept: texts get the code of the empty one until the next row, or the end, notices.
/// </remarks>
/// <param name="room">What the batch may take of the memory for all; null for as much as the limits allow.</param>
internal ref struct BatchBuilder(OtlpLimits limits, SpanBatch batch, int requestBytes, IMemoryRoom? room)
{
    /// <summary>Bytes of columns per row, for <see cref="TryCharge"/>; see the remarks of <see cref="OtlpLimits"/>.</summary>
    public const int SpanRowBytes = 94, AttributeRowBytes = 13, NestedRowBytes = 13, EventRowBytes = 20, LinkRowBytes = 40, ResourceRowBytes = 20,
        ScopeRowBytes = 28, EntityRowBytes = 20, KeyRowBytes = 4;

    // Memory per byte of a row or text, and of the table per text: its end, its hash, its place in the index.
    const int RoomPerByte = 2, TableBytesPerText = 32;

    // Room for short texts is taken after they were added, in steps; for longer ones before.
    const int ShortTextBytesMax = 4 * 1024, TextRoomStepBytes = 64 * 1024, RowStepsPerRequest = 4;

    readonly StringTable _strings = batch.Strings;

    // Row bytes that limit and room have granted; those that the limit has left beyond them; room for text that was taken and not used.
    long _rowBytesLeft = room is null ? RowBytesMax(limits, requestBytes) : 0;
    long _rowBytesUngranted = room is null ? 0 : RowBytesMax(limits, requestBytes);
    long _textRoomLeft;
    int _invalidTraceIdCount;
    int _invalidSpanIdCount;
    int _invalidParentIdCount;
    int _repairedStringCount;
    bool _tableMayHoldOtherThanUtf8;
    bool _isOutOfRoom;
    string _firstRejection = "";

    public readonly SpanBatch Batch => batch;

    public readonly OtlpLimits Limits => limits;

    public readonly ReadReport Report =>
        new(batch.SpanCount, _invalidTraceIdCount, _invalidSpanIdCount, _invalidParentIdCount, _repairedStringCount, _firstRejection);

    /// <summary>Strings repaired so far; set back when the span that brought them is left out.</summary>
    public readonly int RepairedStringCount => _repairedStringCount;

    /// <summary>Whether something was left out because there was no room for it; the batch is of no use then, whatever the decoder says.</summary>
    public readonly bool IsOutOfRoom => _isOutOfRoom;

    /// <summary>Accounts for rows about to be added.</summary>
    /// <returns>False when the request asks for more than its length allows, or <see cref="IsOutOfRoom"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryCharge(long rowBytes) => (_rowBytesLeft -= rowBytes) >= 0 || TryGrantMissing();

    /// <summary>Takes room for rows that will be charged one by one.</summary>
    /// <returns>Whether <see cref="TryCharge"/> will answer true for all of them.</returns>
    public bool TryPrepare(long rowBytes) => _rowBytesLeft >= rowBytes || TryGrant(rowBytes - _rowBytesLeft);

    /// <summary>Accounts for memory beside the batch that decoding needs.</summary>
    /// <returns>False when <see cref="IsOutOfRoom"/>.</returns>
    public bool TryChargeScratch(long bytes) => TryTakeTextRoom(bytes * RoomPerByte);

    /// <summary>Gives back the room that was taken and not used.</summary>
    public void Settle()
    {
        room?.Give(Math.Max(0, _rowBytesLeft) * RoomPerByte + Math.Max(0, _textRoomLeft));
        _rowBytesLeft = _textRoomLeft = 0;
    }

    public readonly string RowBytesProblem =>
        $"its rows need more than {limits.RowBytesPerRequestByteMax} bytes of memory per byte of the request, the limit {nameof(OtlpLimits.RowBytesPerRequestByteMax)}";

    /// <summary>The code of a text, made valid UTF-8 first if need be.</summary>
    public int Text(scoped ReadOnlySpan<byte> text)
    {
        if (text.Length > ShortTextBytesMax || _isOutOfRoom)
            return LongText(text);

        // Most texts came before. While the table holds nothing but UTF-8, what is found there needs no second look.
        if (_tableMayHoldOtherThanUtf8)
            return Utf8.IsValid(text) ? Short(text) : Repaired(text);
        var count = _strings.Count;
        var code = _strings.Intern(text);
        if (_strings.Count == count)
            return code;
        ChargeAdded(text.Length);
        if (Utf8.IsValid(text))
            return code;
        _tableMayHoldOtherThanUtf8 = true;
        return Repaired(text);
    }

    /// <summary>The code of bytes that need not be text.</summary>
    public int Bytes(ReadOnlySpan<byte> content)
    {
        _tableMayHoldOtherThanUtf8 |= !Utf8.IsValid(content);
        return content.Length > ShortTextBytesMax || _isOutOfRoom ? Long(content) : Short(content);
    }

    /// <summary>Counts a text that was repaired elsewhere.</summary>
    public void CountRepair() => _repairedStringCount++;

    /// <summary>Takes back the span under construction.</summary>
    /// <param name="rejection">Describes the problem if this is the first rejection, which is when <see cref="NeedsRejection"/> says so.</param>
    public void Reject(IdentityProblem problem, int nestedCount, int repairedStringCount, string rejection)
    {
        batch.DiscardSpan(nestedCount);
        _repairedStringCount = repairedStringCount;
        if (NeedsRejection)
            _firstRejection = rejection;
        switch (problem)
        {
            case IdentityProblem.TraceId: _invalidTraceIdCount++; break;
            case IdentityProblem.SpanId: _invalidSpanIdCount++; break;
            default: _invalidParentIdCount++; break;
        }
    }

    public readonly bool NeedsRejection => _firstRejection.Length == 0;

    static long RowBytesMax(OtlpLimits limits, int requestBytes) => OtlpLimits.RowBytesAllowance + (long)limits.RowBytesPerRequestByteMax * requestBytes;

    int Short(scoped ReadOnlySpan<byte> content)
    {
        var count = _strings.Count;
        var code = _strings.Intern(content);
        if (_strings.Count != count)
            ChargeAdded(content.Length);
        return code;
    }

    int Long(scoped ReadOnlySpan<byte> content) => TryTakeTextRoom(RoomForText(content.Length)) ? _strings.Intern(content) : 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    int LongText(scoped ReadOnlySpan<byte> text) => Utf8.IsValid(text) ? Long(text) : Repaired(text);

    [MethodImpl(MethodImplOptions.NoInlining)]
    int Repaired(scoped ReadOnlySpan<byte> text)
    {
        const int GrowthMax = 3; // One byte becomes U+FFFD.
        _repairedStringCount++;
        if (!TryTakeTextRoom(RoomForText(checked(text.Length * GrowthMax))))
            return 0;
        var rented = ArrayPool<byte>.Shared.Rent(text.Length * GrowthMax);
        var written = 0;
        while (!text.IsEmpty)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            text = text[consumed..];
            written += rune.EncodeToUtf8(rented.AsSpan(written));
        }

        var code = _strings.Intern(rented.AsSpan(0, written));
        ArrayPool<byte>.Shared.Return(rented);
        return code;
    }

    static long RoomForText(long bytes) => bytes * RoomPerByte + TableBytesPerText;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void ChargeAdded(int bytes)
    {
        if (room is not null)
            TryTakeTextRoom(RoomForText(bytes));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    bool TryGrantMissing()
    {
        var missing = -_rowBytesLeft;
        if (TryGrant(missing))
            return true;
        _isOutOfRoom |= missing <= _rowBytesUngranted;
        return false;
    }

    // Room is taken ahead in steps, so that few requests come back often; where a step is too much, what the other use has ahead is given up first.
    bool TryGrant(long rowBytes)
    {
        if (room is null || _isOutOfRoom || rowBytes > _rowBytesUngranted)
            return false;
        var granted = Math.Max(rowBytes, Math.Min(_rowBytesUngranted, requestBytes / RowStepsPerRequest));
        if (!room.TryTake(granted * RoomPerByte))
        {
            room.Give(Math.Max(0, _textRoomLeft));
            (granted, _textRoomLeft) = (rowBytes, Math.Min(0, _textRoomLeft));
            if (!room.TryTake(granted * RoomPerByte))
                return false;
        }

        _rowBytesLeft += granted;
        _rowBytesUngranted -= granted;
        return true;
    }

    bool TryTakeTextRoom(long bytes)
    {
        if (room is null)
            return true;
        if (_isOutOfRoom || (_textRoomLeft -= bytes) >= 0)
            return !_isOutOfRoom;
        var taken = Math.Max(-_textRoomLeft, Math.Min(TextRoomStepBytes, requestBytes));
        if (!room.TryTake(taken))
        {
            var ahead = Math.Max(0, _rowBytesLeft);
            _rowBytesLeft -= ahead;
            _rowBytesUngranted += ahead;
            _textRoomLeft += ahead * RoomPerByte;
            taken = Math.Max(0, -_textRoomLeft);
            if (!room.TryTake(taken))
            {
                _isOutOfRoom = true;
                return false;
            }
        }

        _textRoomLeft += taken;
        return true;
    }
}
