using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Clew.Model;

namespace Clew.Otlp;

/// <summary>What both decoders do to the batch they fill: intern text, keep count of memory, and reject spans without an identity.</summary>
internal ref struct BatchBuilder(OtlpLimits limits, SpanBatch batch, int requestBytes)
{
    /// <summary>Bytes of columns per row, for <see cref="TryCharge"/>; see the remarks of <see cref="OtlpLimits"/>.</summary>
    public const int SpanRowBytes = 94, AttributeRowBytes = 13, NestedRowBytes = 13, EventRowBytes = 20, LinkRowBytes = 40, ResourceRowBytes = 20,
        ScopeRowBytes = 28, EntityRowBytes = 20, KeyRowBytes = 4;

    readonly StringTable _strings = batch.Strings;
    long _rowBytesLeft = OtlpLimits.RowBytesAllowance + (long)limits.RowBytesPerRequestByteMax * requestBytes;
    int _invalidTraceIdCount;
    int _invalidSpanIdCount;
    int _invalidParentIdCount;
    int _repairedStringCount;
    bool _tableMayHoldOtherThanUtf8;
    string _firstRejection = "";

    public readonly SpanBatch Batch => batch;

    public readonly OtlpLimits Limits => limits;

    public readonly ReadReport Report =>
        new(batch.SpanCount, _invalidTraceIdCount, _invalidSpanIdCount, _invalidParentIdCount, _repairedStringCount, _firstRejection);

    /// <summary>Strings repaired so far; set back when the span that brought them is left out.</summary>
    public readonly int RepairedStringCount => _repairedStringCount;

    /// <summary>Accounts for rows about to be added.</summary>
    /// <returns>False when the request asks for more than its length allows.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryCharge(long rowBytes) => (_rowBytesLeft -= rowBytes) >= 0;

    /// <summary>Whether <see cref="TryCharge"/> would answer true.</summary>
    public readonly bool CanCharge(long rowBytes) => _rowBytesLeft >= rowBytes;

    public readonly string RowBytesProblem =>
        $"its rows need more than {limits.RowBytesPerRequestByteMax} bytes of memory per byte of the request, the limit {nameof(OtlpLimits.RowBytesPerRequestByteMax)}";

    /// <summary>The code of a text, made valid UTF-8 first if need be.</summary>
    public int Text(ReadOnlySpan<byte> text)
    {
        // Most texts came before. While the table holds nothing but UTF-8, what is found there needs no second look.
        if (_tableMayHoldOtherThanUtf8)
            return Utf8.IsValid(text) ? _strings.Intern(text) : Repaired(text);
        var count = _strings.Count;
        var code = _strings.Intern(text);
        if (_strings.Count == count || Utf8.IsValid(text))
            return code;
        _tableMayHoldOtherThanUtf8 = true;
        return Repaired(text);
    }

    /// <summary>The code of bytes that need not be text.</summary>
    public int Bytes(ReadOnlySpan<byte> content)
    {
        _tableMayHoldOtherThanUtf8 |= !Utf8.IsValid(content);
        return _strings.Intern(content);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    int Repaired(ReadOnlySpan<byte> text)
    {
        _repairedStringCount++;
        var rented = ArrayPool<byte>.Shared.Rent(checked(text.Length * 3));
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
}
