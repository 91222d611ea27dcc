using System.Collections.Concurrent;

namespace Clew.Storage.Reading;

/// <summary>What each thread of a scan has for itself. A thread that is done for now leaves it to the next one.</summary>
internal sealed class ScanThreads<T>(Func<T> create) : IDisposable
    where T : IDisposable
{
    readonly ConcurrentStack<T> _idle = new();
    readonly ConcurrentBag<T> _all = [];
    volatile bool _isBroken;

    public IEnumerable<T> All => _all;

    /// <summary>Does a piece of work with what a thread has.</summary>
    /// <returns>What the work answers; false when another thread has failed: then nobody needs the rest.</returns>
    public bool Run(Func<T, bool> work)
    {
        if (_isBroken)
            return false;
        try
        {
            if (!_idle.TryPop(out var own))
                _all.Add(own = create());
            var answer = work(own);
            _idle.Push(own);
            return answer;
        }
        catch
        {
            _isBroken = true;
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var own in _all)
            own.Dispose();
    }
}
