using Clew.Storage.Buckets;
using Clew.Storage.Files;
using Clew.Storage.Tests.Buckets;

namespace Clew.Storage.Tests.Simulation;

/// <summary>A bucket that outlives the machine, and is asked over a network: calls fail before or after they have done their work, or all of them, and the power goes in the middle of one.</summary>
internal sealed class SimulatedBucket(SimulatedDisk disk, Random random)
{
    readonly MemoryBucket _objects = new();

    /// <summary>No call gets through.</summary>
    public bool IsOut { get; set; }

    /// <summary>How often a call fails; half of those that do have had their effect.</summary>
    public double Failures { get; set; }

    /// <summary>The keys of all objects that are blocks.</summary>
    public IEnumerable<string> Blocks => _objects.Keys.Where(key => key.EndsWith(".block", StringComparison.Ordinal));

    /// <summary>The bucket as one process sees it. When the process is gone, its calls are too.</summary>
    public IBucket NewProcess() => new Caller(this, disk.NewOperation());

    bool Fails() => IsOut || (Failures > 0 && random.NextDouble() < Failures / 2);

    sealed class Caller(SimulatedBucket bucket, Action step) : IBucket
    {
        public string Location => bucket._objects.Location;

        public string NameOf(string key) => bucket._objects.NameOf(key);

        public bool TryCreate(string key, IReadableFile content, CancellationToken cancellation) => Call(() => bucket._objects.TryCreate(key, content, cancellation));

        public long? FindLength(string key, CancellationToken cancellation) => Call(() => bucket._objects.FindLength(key, cancellation));

        public int Read(string key, long offset, Memory<byte> target, CancellationToken cancellation) => Call(() => bucket._objects.Read(key, offset, target, cancellation));

        public void Delete(string key, CancellationToken cancellation) => Call(() =>
        {
            bucket._objects.Delete(key, cancellation);
            return true;
        });

        public IReadOnlyList<BucketObject> List(string prefix, CancellationToken cancellation) => Call(() => bucket._objects.List(prefix, cancellation));

        public void RemoveUnfinished(string prefix, CancellationToken cancellation) => Call(() =>
        {
            bucket._objects.RemoveUnfinished(prefix, cancellation);
            return true;
        });

        public SmallObject? FindSmall(string key, CancellationToken cancellation) => Call(() => bucket._objects.FindSmall(key, cancellation));

        public string? TrySwap(string key, ReadOnlyMemory<byte> content, string? version, CancellationToken cancellation) =>
            Call(() => bucket._objects.TrySwap(key, content, version, cancellation));

        public void Dispose()
        {
            // The objects stay.
        }

        // The power may go before a call has had its effect, or after it, when nobody knows of it any more.
        T Call<T>(Func<T> call)
        {
            step();
            if (bucket.Fails())
                throw MemoryBucket.Unavailable;
            var result = call();
            step();
            return bucket.Fails() ? throw MemoryBucket.Unavailable : result;
        }
    }
}
