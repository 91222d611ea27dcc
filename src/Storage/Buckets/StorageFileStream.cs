using Clew.Storage.Files;

namespace Clew.Storage.Buckets;

/// <summary>A range of a file, for those who want a stream. Seekable, so that it can be read again after a failure.</summary>
internal sealed class StorageFileStream(IReadableFile file, long start, long lengthBytes) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => lengthBytes;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Clamp(lengthBytes - Position, 0, buffer.Length);
        if (count == 0)
            return 0;
        var read = file.Read(start + Position, buffer[..count]);
        if (read == 0)
            throw new EndOfStreamException($"{file.Path} ends at {start + Position}, before the {start + lengthBytes} bytes it is said to have.");
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => lengthBytes + offset,
    };

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
