namespace Clew.Storage.Tests.Simulation;

/// <summary>The content of a file: what the system shows, what is on the platter, and the writes in between.</summary>
internal sealed class SimulatedFile
{
    const int SectorBytes = 512;

    readonly List<Change> _pending = [];
    byte[] _durable = [];

    /// <summary>What a running program reads.</summary>
    public byte[] Current { get; private set; } = [];

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Current = Applied(Current, new Change(offset, bytes.ToArray(), -1));
        _pending.Add(new Change(offset, bytes.ToArray(), -1));
    }

    public void SetLength(long length)
    {
        Current = Applied(Current, new Change(0, [], length));
        _pending.Add(new Change(0, [], length));
    }

    /// <summary>Brings to the platter what was written since the last flush, and only that: what a failed flush forgot stays forgotten.</summary>
    public void Flush()
    {
        foreach (var change in _pending)
            _durable = Applied(_durable, change);
        _pending.Clear();
    }

    /// <summary>A flush that fails: some of what was to be written is, the rest is forgotten for good, and the program still reads all of it.</summary>
    public void FailFlush(Random random)
    {
        LosePending(random);
        _pending.Clear();
    }

    /// <summary>Power loss: any sectors of any unflushed write may have made it, in any order.</summary>
    public void Crash(Random random)
    {
        LosePending(random);
        _pending.Clear();
        Current = _durable.ToArray();
    }

    /// <summary>A file of its own with what a program reads in this one, durably.</summary>
    public SimulatedFile Copy() => new() { Current = Current.ToArray(), _durable = Current.ToArray() };

    /// <summary>Flips a bit on the platter, and in what is read.</summary>
    public void Flip(long at, int bit)
    {
        Current = Current.ToArray();
        Current[at] ^= (byte)(1 << bit);
        _durable = Current.ToArray();
        _pending.Clear();
    }

    void LosePending(Random random)
    {
        var luck = random.NextDouble();
        foreach (var change in _pending)
        {
            if (change.Length >= 0)
            {
                if (random.NextDouble() < luck)
                    _durable = Applied(_durable, change);
                continue;
            }

            for (var start = 0; start < change.Bytes.Length;)
            {
                // Sectors of the disk, wherever the write began.
                var end = (int)Math.Min(change.Bytes.Length, (change.Offset + start) / SectorBytes * SectorBytes + SectorBytes - change.Offset);
                if (random.NextDouble() < luck)
                    _durable = Applied(_durable, new Change(change.Offset + start, change.Bytes[start..end], -1));
                start = end;
            }
        }
    }

    static byte[] Applied(byte[] content, Change change)
    {
        var length = change.Length >= 0 ? change.Length : Math.Max(content.Length, change.Offset + change.Bytes.Length);
        var result = content;
        if (length != content.Length)
        {
            result = new byte[length];
            content.AsSpan(0, (int)Math.Min(length, content.Length)).CopyTo(result);
        }

        change.Bytes.CopyTo(result.AsSpan((int)change.Offset));
        return result;
    }

    readonly record struct Change(long Offset, byte[] Bytes, long Length);
}
