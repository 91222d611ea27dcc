namespace Clew.Storage.Buckets;

/// <summary>How patient an <see cref="S3Bucket"/> is.</summary>
internal sealed record S3Timing
{
    /// <summary>Attempts at one call, the first included.</summary>
    public int AttemptsMax { get; init; } = 4;

    /// <summary>Mean wait before the second attempt; it doubles from one to the next.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long one attempt may take, besides the time for its bytes.</summary>
    public TimeSpan AttemptMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The slowest line that is worth waiting for.</summary>
    public long BytesPerSecondMin { get; init; } = 256L << 10;

    /// <summary>Objects up to this size are sent whole, larger ones in parts of this size. S3 wants at least 5 MiB.</summary>
    public long PartBytes { get; init; } = 16L << 20;

    public TimeSpan LimitFor(long bytes) => AttemptMax + TimeSpan.FromSeconds((double)bytes / BytesPerSecondMin);

    /// <summary>A random wait around the mean, so that many callers do not come back at once.</summary>
    public TimeSpan WaitAfter(int attempt) => FirstWait * (1 << (attempt - 1)) * (0.5 + Random.Shared.NextDouble());
}
