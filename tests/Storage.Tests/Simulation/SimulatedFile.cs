namespace Clew.Storage.Tests.Simulation;

/// <summary>The content of a file: what the system shows, what is on the platter, and the writes in between.</summary>
internal sealed class SimulatedFile
{
    const int SectorBytes = 512;

    readonly List<Change> _pending = [];
    PagedBytes _current = new(), _durable = new();

    public long Length => _current.Length;

    /// <summary>What a running program reads, as a copy.</summary>
    public byte[] Current => _current.ToArray();

    public int Read(long offset, Span<byte> target) => _current.Read(offset, target);

    public void Write(long offset, ReadOnlySpan<byte> bytes) => Apply(new Change(offset, bytes.ToArray(), -1));

    public void SetLength(long length) => Apply(new Change(0, [], length));

    /// <summary>Brings to the platter what was written since the last flush, and only that: what a failed flush forgot stays forgotten.</summary>
    public void Flush()
    {
        foreach (var change in _pending)
            change.ApplyTo(_durable);
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
        _current = _durable.Copy();
    }

    /// <summary>A file of its own with what a program reads in this one, durably.</summary>
    public SimulatedFile Copy() => new() { _current = _current.Copy(), _durable = _current.Copy() };

    /// <summary>What a running program reads is on the platter, all of it: nothing is waiting for a flush, and none that failed has forgotten any of it.</summary>
    public bool IsDurable => _pending.Count == 0 && Current.AsSpan().SequenceEqual(_durable.ToArray());

    /// <summary>Flips a bit on the platter, and in what is read.</summary>
    public void Flip(long at, int bit)
    {
        foreach (var content in (ReadOnlySpan<PagedBytes>)[_current, _durable])
        {
            Span<byte> flipped = [0];
            if (content.Read(at, flipped) == 0)
                continue;
            flipped[0] ^= (byte)(1 << bit);
            content.Write(at, flipped);
        }
    }

    void Apply(Change change)
    {
        change.ApplyTo(_current);
        _pending.Add(change);
    }

    void LosePending(Random random)
    {
        var luck = random.NextDouble();
        foreach (var change in _pending)
        {
            if (change.Length >= 0)
            {
                if (random.NextDouble() < luck)
                    change.ApplyTo(_durable);
                continue;
            }

            for (var start = 0; start < change.Bytes.Length;)
            {
                // Sectors of the disk, wherever the write began.
                var end = (int)Math.Min(change.Bytes.Length, (change.Offset + start) / SectorBytes * SectorBytes + SectorBytes - change.Offset);
                if (random.NextDouble() < luck)
                    _durable.Write(change.Offset + start, change.Bytes.AsSpan(start..end));
                start = end;
            }
        }
    }

    /// <param name="Length">Of the file from now on; -1 for a write.</param>
    readonly record struct Change(long Offset, byte[] Bytes, long Length)
    {
        public void ApplyTo(PagedBytes content)
        {
            if (Length >= 0)
                content.SetLength(Length);
            else
                content.Write(Offset, Bytes);
        }
    }
}
