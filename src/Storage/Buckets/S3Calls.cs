namespace Clew.Storage.Buckets;

/// <summary>Makes calls to S3: each attempt bounded in time, passing failures tried again, lasting ones told with what to do.</summary>
/// <remarks>The client's own retries are off: they end where the body of an answer begins, and that is where connections break.</remarks>
internal sealed class S3Calls(S3Options options, string setting, S3Timing timing, TimeProvider time)
{
    /// <summary>Blocks until the call is done.</summary>
    /// <param name="verb">What is done to the object, as a participle: "read".</param>
    /// <param name="bytes">What the call moves, which it is given time for.</param>
    public T Run<T>(string name, string verb, long bytes, Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        // On the pool: the caller may be a thread with a scheduler of its own, which continuations would wait for while it waits for them.
        var running = Task.Run(() => RunAsync(name, verb, bytes, call, cancellation), cancellation);
#pragma warning disable VSTHRD002 // The client has no calls that block, and the store no threads that may not.
        return running.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    async Task<T> RunAsync<T>(string name, string verb, long bytes, Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var clock = new CancellationTokenSource(timing.LimitFor(bytes), time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, clock.Token);
            try
            {
                return await call(limit.Token);
            }
            catch (Exception failure) when (failure is not BucketException && S3Failures.Includes(failure) && !cancellation.IsCancellationRequested)
            {
                var (kind, reason, advice) = S3Failures.Explain(failure, options, setting);
                if (kind != BucketFailure.Unavailable || attempt >= timing.AttemptsMax)
                    throw new BucketException(name, verb, kind, reason, advice, failure);
            }

            await Task.Delay(timing.WaitAfter(attempt), time, cancellation);
        }
    }
}
