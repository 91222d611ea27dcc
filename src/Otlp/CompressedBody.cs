namespace Clew.Otlp;

/// <summary>A body in memory and then a tail, as the stream that the runtime's inflaters ask for; notes whether they asked for more than there is.</summary>
internal sealed unsafe class CompressedBody(byte* body, int bodyBytes, byte[] tail) : Stream
{
    int _at;

    /// <summary>Whether a reader came to the end and wanted to go on.</summary>
    public bool WasReadPastEnd { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var rest = _at < bodyBytes ? new ReadOnlySpan<byte>(body + _at, bodyBytes - _at) : tail.AsSpan(_at - bodyBytes);
        WasReadPastEnd |= rest.IsEmpty;
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer);
        _at += rest.Length;
        return rest.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
