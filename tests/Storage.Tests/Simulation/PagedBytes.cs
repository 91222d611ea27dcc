namespace Clew.Storage.Tests.Simulation;

/// <summary>The bytes of a file, in pages: copies share them until one is written to, and a page that was never written to takes nothing.</summary>
internal sealed class PagedBytes
{
    const int PageBytes = 4096;

    byte[]?[] _pages = [];

    // Of a page that is not own, a copy has the same array.
    bool[] _isOwn = [];

    public long Length { get; private set; }

    public PagedBytes Copy()
    {
        Array.Clear(_isOwn);
        return new PagedBytes { _pages = [.. _pages], _isOwn = new bool[_pages.Length], Length = Length };
    }

    public void SetLength(long length)
    {
        var count = checked((int)((length + PageBytes - 1) / PageBytes));
        if (length < Length && length % PageBytes is var end and > 0 && _pages[count - 1] is not null)
            Own(count - 1).AsSpan((int)end).Clear();
        Array.Resize(ref _pages, count);
        Array.Resize(ref _isOwn, count);
        Length = length;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (offset + bytes.Length > Length)
            SetLength(offset + bytes.Length);
        while (!bytes.IsEmpty)
        {
            var start = (int)(offset % PageBytes);
            var part = bytes[..Math.Min(bytes.Length, PageBytes - start)];
            part.CopyTo(Own((int)(offset / PageBytes)).AsSpan(start));
            bytes = bytes[part.Length..];
            offset += part.Length;
        }
    }

    /// <returns>The number of bytes read: less than asked for where the file ends.</returns>
    public int Read(long offset, Span<byte> target)
    {
        var count = (int)Math.Clamp(Length - offset, 0, target.Length);
        for (var done = 0; done < count;)
        {
            var start = (int)((offset + done) % PageBytes);
            var part = target[done..Math.Min(count, done + PageBytes - start)];
            if (_pages[(offset + done) / PageBytes] is { } page)
                page.AsSpan(start, part.Length).CopyTo(part);
            else
                part.Clear();
            done += part.Length;
        }

        return count;
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        Read(0, bytes);
        return bytes;
    }

    byte[] Own(int page)
    {
        if (!_isOwn[page] || _pages[page] is null)
            _pages[page] = _pages[page] is { } shared ? [.. shared] : new byte[PageBytes];
        _isOwn[page] = true;
        return _pages[page]!;
    }
}
