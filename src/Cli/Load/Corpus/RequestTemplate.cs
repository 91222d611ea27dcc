using System.Buffers.Binary;
using Clew.Otlp;

namespace Clew.Cli.Load.Corpus;

/// <summary>An export request, encoded once. Whoever sends it writes a copy of its own, with the ids and times of the round.</summary>
internal sealed class RequestTemplate
{
    readonly byte[] _frame;
    readonly int[] _traceIds;
    readonly int[] _spanIds;
    readonly int[] _times;
    readonly (int Offset, ulong Number)[] _texts;

    /// <param name="message">An <c>ExportTraceServiceRequest</c> on the corpus' own time line.</param>
    /// <param name="slots">What to patch in it.</param>
    /// <param name="exportNanos">When an SDK would have sent it, on the corpus' time line.</param>
    public RequestTemplate(ReadOnlySpan<byte> message, IReadOnlyCollection<PatchSlot> slots, int spanCount, long exportNanos)
    {
        _frame = new byte[GrpcFrame.HeaderBytes + message.Length];
        GrpcFrame.WriteHeader(_frame, message.Length);
        message.CopyTo(_frame.AsSpan(GrpcFrame.HeaderBytes));
        (_traceIds, _spanIds, _times) = (Offsets(slots, PatchSlotKind.TraceId), Offsets(slots, PatchSlotKind.SpanId), Offsets(slots, PatchSlotKind.Time));
        _texts = [.. slots.Where(slot => slot.Kind == PatchSlotKind.Text).Select(slot => (slot.Offset + GrpcFrame.HeaderBytes, slot.Number))];
        (SpanCount, ExportNanos) = (spanCount, exportNanos);
    }

    public int SpanCount { get; }

    public long ExportNanos { get; }

    /// <summary>Bytes of the request with the header of a gRPC message before it.</summary>
    public int FrameBytes => _frame.Length;

    /// <summary>Bytes of the request.</summary>
    public int MessageBytes => _frame.Length - GrpcFrame.HeaderBytes;

    /// <summary>Writes the request as it is to be sent in one round.</summary>
    /// <param name="frame">Receives <see cref="FrameBytes"/>: the header of a gRPC message, and the message.</param>
    public void Write(Span<byte> frame, in RoundSalt salt)
    {
        _frame.CopyTo(frame);
        foreach (var at in _traceIds)
        {
            Xor(frame[at..], salt.TraceHigh);
            Xor(frame[(at + sizeof(ulong))..], salt.TraceLow);
        }

        foreach (var at in _spanIds)
            Xor(frame[at..], salt.Span);
        foreach (var at in _times)
            BinaryPrimitives.WriteUInt64LittleEndian(frame[at..], BinaryPrimitives.ReadUInt64LittleEndian(frame[at..]) + (ulong)salt.ShiftNanos);
        foreach (var (at, number) in _texts)
            WriteDigits(frame.Slice(at, UniqueText.DigitCount), number ^ salt.Text);
    }

    static int[] Offsets(IEnumerable<PatchSlot> slots, PatchSlotKind kind) => [.. slots.Where(slot => slot.Kind == kind).Select(slot => slot.Offset + GrpcFrame.HeaderBytes)];

    static void Xor(Span<byte> id, ulong salt) => BinaryPrimitives.WriteUInt64BigEndian(id, BinaryPrimitives.ReadUInt64BigEndian(id) ^ salt);

    static void WriteDigits(Span<byte> digits, ulong number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        Convert.TryToHexStringLower(bytes, digits, out _);
    }
}
