using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using Clew.Otlp;

namespace Clew.Server.Receivers;

/// <summary>Answers the first request of an HTTP/2 connection with a gRPC status, and ends the connection: as much HTTP/2 as a refusal needs.</summary>
/// <remarks>
/// Frame: <c>| length u24 | type u8 | flags u8 | stream u32 | payload |</c>, big-endian (RFC 9113 §4.1). Sent: SETTINGS, the acknowledgement of the client's
/// SETTINGS, HEADERS with the gRPC status (END_STREAM), GOAWAY with the same text as debug data. Header fields are literals without indexing
/// (RFC 7541 §6.2.2), so there is no table to keep.
/// </remarks>
internal static class Http2Refusal
{
    const int FrameHeaderBytes = 9;
    const byte HeadersFrame = 1, SettingsFrame = 4, GoAwayFrame = 7;
    const byte EndStream = 1, Acknowledge = 1, EndHeaders = 4;
    const uint NoError = 0;

    // A client's SETTINGS, WINDOW_UPDATE and request head fit many times over; whoever sends more without a HEADERS frame gets the GOAWAY alone.
    const int LookedAtBytesMax = 64 * 1024;

    /// <param name="prefaceBytes">What precedes the first frame.</param>
    public static async ValueTask<bool> AnswerAsync(IDuplexPipe transport, int prefaceBytes, string message, CancellationToken cancellation)
    {
        var stream = await FindRequestAsync(transport.Input, prefaceBytes, cancellation);
        var answer = new ArrayBufferWriter<byte>();
        WriteFrame(answer, SettingsFrame, 0, 0, []);
        WriteFrame(answer, SettingsFrame, Acknowledge, 0, []);
        if (stream != 0)
            WriteFrame(answer, HeadersFrame, EndStream | EndHeaders, stream, Headers(message));
        WriteFrame(answer, GoAwayFrame, 0, 0, GoAway(stream, message));
        await transport.Output.WriteAsync(answer.WrittenMemory, cancellation);
        return true;
    }

    // The stream of the first HEADERS frame; 0 when the client is done, or too long-winded, without one.
    static async Task<uint> FindRequestAsync(PipeReader input, int prefaceBytes, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var isKnown = TryFindRequest(read.Buffer.Slice(prefaceBytes), out var stream);
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (isKnown || read.IsCompleted || read.Buffer.Length > LookedAtBytesMax)
                return stream;
        }
    }

    static bool TryFindRequest(ReadOnlySequence<byte> frames, out uint stream)
    {
        Span<byte> header = stackalloc byte[FrameHeaderBytes];
        stream = 0;
        while (frames.Length >= FrameHeaderBytes)
        {
            frames.Slice(0, FrameHeaderBytes).CopyTo(header);
            if (header[3] == HeadersFrame)
            {
                stream = BinaryPrimitives.ReadUInt32BigEndian(header[5..]) & 0x7FFF_FFFF;
                return true;
            }

            var length = (header[0] << 16) | (header[1] << 8) | header[2];
            if (frames.Length < FrameHeaderBytes + length)
                return false;
            frames = frames.Slice(FrameHeaderBytes + length);
        }

        return false;
    }

    static byte[] Headers(string message)
    {
        var block = new ArrayBufferWriter<byte>();
        block.Write<byte>([0x88]); // :status 200, entry 8 of the static table.
        WriteLiteral(block, "content-type", "application/grpc");
        WriteLiteral(block, "grpc-status", $"{(int)GrpcStatus.Unimplemented}");
        WriteLiteral(block, "grpc-message", GrpcFrame.EncodeMessage(message));
        return block.WrittenSpan.ToArray();
    }

    static void WriteLiteral(ArrayBufferWriter<byte> block, string name, string value)
    {
        block.Write<byte>([0x00]);
        WriteString(block, name);
        WriteString(block, value);
    }

    // Length in the low seven bits, with the rest in a second and third byte when it needs more (RFC 7541 §5.1).
    static void WriteString(ArrayBufferWriter<byte> block, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        if (bytes.Length < 127)
        {
            block.Write<byte>([(byte)bytes.Length]);
        }
        else
        {
            block.Write<byte>([127]);
            var rest = bytes.Length - 127;
            for (; rest >= 128; rest >>= 7)
                block.Write<byte>([(byte)(rest | 0x80)]);
            block.Write<byte>([(byte)rest]);
        }

        block.Write(bytes);
    }

    static byte[] GoAway(uint lastStream, string message)
    {
        var text = Encoding.UTF8.GetBytes(message);
        var payload = new byte[8 + text.Length];
        BinaryPrimitives.WriteUInt32BigEndian(payload, lastStream);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(4), NoError);
        text.CopyTo(payload, 8);
        return payload;
    }

    static void WriteFrame(ArrayBufferWriter<byte> target, byte type, int flags, uint stream, ReadOnlySpan<byte> payload)
    {
        var header = target.GetSpan(FrameHeaderBytes)[..FrameHeaderBytes];
        header[0] = (byte)(payload.Length >> 16);
        header[1] = (byte)(payload.Length >> 8);
        header[2] = (byte)payload.Length;
        header[3] = type;
        header[4] = (byte)flags;
        BinaryPrimitives.WriteUInt32BigEndian(header[5..], stream);
        target.Advance(FrameHeaderBytes);
        target.Write(payload);
    }
}
