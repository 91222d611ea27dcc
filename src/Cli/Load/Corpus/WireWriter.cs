using System.Buffers.Binary;
using System.Text;

namespace Clew.Cli.Load.Corpus;

/// <summary>Writes one protobuf message front to back, and tells where its fields lie. A nested message is written first, and then put in as bytes.</summary>
internal sealed class WireWriter
{
    const int VarintType = 0;
    const int Fixed64Type = 1;
    const int BytesType = 2;
    const int Fixed32Type = 5;

    byte[] _bytes = new byte[512];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Varint(int field, ulong value)
    {
        Raw(((ulong)field << 3) | VarintType);
        Raw(value);
    }

    public void Fixed32(int field, uint value)
    {
        Raw(((ulong)field << 3) | Fixed32Type);
        BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);
    }

    /// <returns>Where the eight bytes lie.</returns>
    public int Fixed64(int field, ulong value)
    {
        Raw(((ulong)field << 3) | Fixed64Type);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);
        return Count - sizeof(ulong);
    }

    /// <returns>Where the content lies.</returns>
    public int Bytes(int field, ReadOnlySpan<byte> content)
    {
        StartBytes(field, content.Length);
        content.CopyTo(Take(content.Length));
        return Count - content.Length;
    }

    /// <returns>Where the content lies: UTF-8.</returns>
    public int Text(int field, string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        StartBytes(field, bytes);
        Encoding.UTF8.GetBytes(text, Take(bytes));
        return Count - bytes;
    }

    /// <summary>Begins a field whose content comes in pieces.</summary>
    public void StartBytes(int field, int bytes)
    {
        Raw(((ulong)field << 3) | BytesType);
        Raw((ulong)bytes);
    }

    /// <summary>Bytes as they are.</summary>
    public void Append(ReadOnlySpan<byte> content) => content.CopyTo(Take(content.Length));

    void Raw(ulong varint)
    {
        for (; varint >= 0x80; varint >>= 7)
            Take(1)[0] = (byte)(varint | 0x80);
        Take(1)[0] = (byte)varint;
    }

    Span<byte> Take(int bytes)
    {
        if (Count + bytes > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(Count + bytes, _bytes.Length * 2));
        Count += bytes;
        return _bytes.AsSpan(Count - bytes, bytes);
    }
}
