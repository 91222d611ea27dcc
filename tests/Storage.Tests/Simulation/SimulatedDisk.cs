using Clew.Storage.Files;

namespace Clew.Storage.Tests.Simulation;

/// <summary>A disk in memory that does, from a seed, whatever a real one may do: tear and reorder unflushed writes at a crash, forget renames, fail, fill up.</summary>
internal sealed class SimulatedDisk(Random random)
{
    readonly Dictionary<string, SimulatedFile> _names = new(StringComparer.Ordinal);
    readonly List<NameChange> _pending = [];
    Dictionary<string, SimulatedFile> _durableNames = new(StringComparer.Ordinal);
    int _epoch;

    /// <summary>Operations on the disk so far: a crash can be put at any of them.</summary>
    public long OperationCount { get; private set; }

    /// <summary>The power goes at this operation.</summary>
    public long CrashAt { get; set; } = long.MaxValue;

    public double WriteFailures { get; set; }

    public double FlushFailures { get; set; }

    public long CapacityBytes { get; set; } = long.MaxValue;

    public IEnumerable<KeyValuePair<string, SimulatedFile>> Files => _names;

    /// <summary>Names were given or taken that a power loss may forget.</summary>
    public bool HasUnflushedNames => _pending.Count > 0;

    /// <summary>The folder as one process sees it. When the process is gone, what it still holds is dead.</summary>
    public IStorageFolder NewProcess()
    {
        _epoch++;
        return new Folder(this, _epoch);
    }

    /// <summary>The folder as it is now, for who looks at it beside the process that is there, if there is one.</summary>
    public IReadableFolder ReadOnly() => new Folder(this, _epoch);

    /// <summary>Power loss: unflushed writes and names are lost or not, as the seed has it.</summary>
    public void Crash()
    {
        _epoch++;
        CrashAt = long.MaxValue;
        var luck = random.NextDouble();
        foreach (var change in _pending)
        {
            if (random.NextDouble() < luck)
                change.ApplyTo(_durableNames);
        }

        _pending.Clear();
        _names.Clear();
        foreach (var (name, file) in _durableNames)
        {
            file.Crash(random);
            _names.Add(name, file);
        }
    }

    /// <summary>The process is killed; the system lives on, with everything in its caches.</summary>
    public void Kill()
    {
        _epoch++;
        CrashAt = long.MaxValue;
    }

    /// <summary>A disk of its own with the same files, all of them durable.</summary>
    public SimulatedDisk Copy(Random ownRandom)
    {
        var copy = new SimulatedDisk(ownRandom);
        foreach (var (name, file) in _names)
            copy._names.Add(name, file.Copy());
        copy.FlushNames();
        return copy;
    }

    long UsedBytes => _names.Values.Sum(file => file.Length);

    /// <summary>One operation of the running process on something else that goes on living when the power goes: the answer tells it whether it is still there.</summary>
    public Action NewOperation()
    {
        var epoch = _epoch;
        return () => Step(epoch);
    }

    void Step(int epoch)
    {
        if (epoch != _epoch || ++OperationCount >= CrashAt)
            throw new SimulatedCrash();
    }

    void Rename(NameChange change)
    {
        change.ApplyTo(_names);
        _pending.Add(change);
    }

    void FlushNames()
    {
        _durableNames = new Dictionary<string, SimulatedFile>(_names, StringComparer.Ordinal);
        _pending.Clear();
    }

    void TakeSpace(SimulatedFile file, long end, string path)
    {
        if (UsedBytes + Math.Max(0, end - file.Length) > CapacityBytes)
            throw new DiskFullException(path);
    }

    bool Fails(double probability) => probability > 0 && random.NextDouble() < probability;

    /// <param name="From">Empty for a creation.</param>
    /// <param name="To">Empty for a deletion.</param>
    sealed record NameChange(string From, string To, SimulatedFile File)
    {
        public void ApplyTo(Dictionary<string, SimulatedFile> names)
        {
            if (From.Length > 0)
                names.Remove(From);
            if (To.Length > 0)
                names[To] = File;
        }
    }

    sealed class Folder(SimulatedDisk disk, int epoch) : IStorageFolder
    {
        public string Path => "disk";

        public long FreeBytes => disk.CapacityBytes - disk.UsedBytes;

        public IDisposable Lock() => new Unlocked();

        public IReadOnlyList<string> List()
        {
            disk.Step(epoch);
            return [.. disk._names.Keys.Order(StringComparer.Ordinal)];
        }

        public IStorageFile Create(string name)
        {
            disk.Step(epoch);
            var file = new SimulatedFile();
            disk.Rename(new NameChange("", name, file));
            return new Handle(disk, epoch, file, name);
        }

        public IReadableFile OpenToRead(string name) => Open(name);

        public IStorageFile Open(string name)
        {
            disk.Step(epoch);
            return disk._names.TryGetValue(name, out var file) ? new Handle(disk, epoch, file, name) : throw new FileNotFoundException(null, name);
        }

        public void Rename(string from, string to)
        {
            disk.Step(epoch);
            if (disk.Fails(disk.WriteFailures))
                throw new IOException($"The simulated disk could not rename {from}.");
            disk.Rename(new NameChange(from, to, disk._names[from]));
        }

        public void Delete(string name)
        {
            disk.Step(epoch);
            if (disk.Fails(disk.WriteFailures))
                throw new IOException($"The simulated disk could not delete {name}.");
            if (disk._names.TryGetValue(name, out var file))
                disk.Rename(new NameChange(name, "", file));
        }

        public void Flush()
        {
            disk.Step(epoch);
            if (disk.Fails(disk.FlushFailures))
                throw new IOException("The simulated disk could not flush the folder.");
            disk.FlushNames();
        }

        sealed class Unlocked : IDisposable
        {
            public void Dispose()
            {
                // One simulated process at a time: there is nothing to unlock.
            }
        }
    }

    sealed class Handle(SimulatedDisk disk, int epoch, SimulatedFile file, string name) : IStorageFile
    {
        public string Path => "disk/" + name;

        public long LengthBytes => file.Length;

        public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts)
        {
            disk.Step(epoch);
            var bytes = parts.SelectMany(part => part.ToArray()).ToArray();
            disk.TakeSpace(file, offset + bytes.Length, Path);
            if (disk.Fails(disk.WriteFailures))
            {
                file.Write(offset, bytes.AsSpan(0, disk.Random.Next(bytes.Length + 1)));
                throw new IOException($"The simulated disk could not write {name}.");
            }

            file.Write(offset, bytes);
        }

        public int Read(long offset, Span<byte> target)
        {
            if (epoch != disk._epoch)
                throw new SimulatedCrash();
            return file.Read(offset, target);
        }

        public void Flush()
        {
            disk.Step(epoch);
            if (disk.Fails(disk.FlushFailures))
            {
                file.FailFlush(disk.Random);
                throw new IOException($"The simulated disk could not flush {name}.");
            }

            file.Flush();
        }

        public void Preallocate(long lengthBytes)
        {
            disk.Step(epoch);
            if (lengthBytes <= file.Length)
                return;
            disk.TakeSpace(file, lengthBytes, Path);
            file.SetLength(lengthBytes);
        }

        public void Truncate(long lengthBytes)
        {
            disk.Step(epoch);
            file.SetLength(lengthBytes);
        }

        public void Dispose()
        {
            // A handle holds nothing.
        }

    }

    Random Random => random;
}
