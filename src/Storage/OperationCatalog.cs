using Clew.Model;

namespace Clew.Storage;

/// <summary>The services and operations of all stored spans, kept current as spans arrive, so that listing them costs nothing.</summary>
/// <remarks>
/// Names come from whoever sends spans, and some put ids into them: the lists are bounded, and what is beyond is counted and not listed. Only lists are: no query
/// relies on them to find a span.
/// </remarks>
internal sealed class OperationCatalog
{
    /// <summary>So many operations are listed per service; more than anyone reads.</summary>
    public const int OperationsPerServiceMax = 10_000;

    /// <summary>So many services are listed.</summary>
    public const int ServicesMax = 10_000;

    /// <summary>Characters of all names together.</summary>
    const long CharsMax = 32L << 20;

    readonly Lock _lock = new();
    Listing _listing = new();
    Listing? _next;
    long _unlistedCount;

    /// <summary>How often an operation came that the full lists did not take.</summary>
    public long UnlistedCount => Interlocked.Read(ref _unlistedCount);

    public void Add(IReadOnlyCollection<ServiceOperation> operations)
    {
        lock (_lock)
        {
            foreach (var operation in operations)
            {
                _next?.TryAdd(operation);
                if (!_listing.TryAdd(operation))
                    Interlocked.Increment(ref _unlistedCount);
            }
        }
    }

    /// <summary>Makes the lists anew, because spans are gone. What is added meanwhile is in both; the old lists are answered with until the new ones are complete.</summary>
    /// <param name="stored">The operations of all that is stored. Asked for after the new lists began, so that nothing that arrives falls between the two.</param>
    public void Relist(IEnumerable<IReadOnlyCollection<ServiceOperation>> stored)
    {
        lock (_lock)
            _next = new Listing();
        try
        {
            foreach (var operations in stored)
            {
                lock (_lock)
                {
                    foreach (var operation in operations)
                        _next.TryAdd(operation);
                }
            }

            lock (_lock)
                _listing = _next;
        }
        finally
        {
            lock (_lock)
                _next = null;
        }
    }

    /// <summary>In ordinal order.</summary>
    public IReadOnlyList<string> Services()
    {
        lock (_lock)
            return _listing.Services;
    }

    /// <summary>By name, then kind.</summary>
    public IReadOnlyList<Operation> Operations(string service)
    {
        Listing listing;
        Operation[] listed;
        lock (_lock)
        {
            listing = _listing;
            if (listing.FindSorted(service) is { } known)
                return known;
            listed = listing.Find(service);
        }

        // The committer takes the same lock for every batch: it must not wait while a long list is sorted.
        Operation[] sorted = [.. listed.OrderBy(operation => operation.Name, StringComparer.Ordinal).ThenBy(operation => operation.Kind)];
        lock (_lock)
            listing.KeepSorted(service, sorted);
        return sorted;
    }

    /// <summary>The lists themselves.</summary>
    sealed class Listing
    {
        readonly Dictionary<string, HashSet<Operation>> _services = new(StringComparer.Ordinal);
        readonly Dictionary<string, Operation[]> _sorted = new(StringComparer.Ordinal);
        string[]? _names;
        long _chars;

        public string[] Services => _names ??= [.. _services.Keys.Order(StringComparer.Ordinal)];

        public Operation[]? FindSorted(string service) => _sorted.GetValueOrDefault(service);

        public Operation[] Find(string service) => _services.TryGetValue(service, out var operations) ? [.. operations] : [];

        /// <summary>Keeps a list that was sorted outside of the lock, unless there is more by now.</summary>
        public void KeepSorted(string service, Operation[] sorted)
        {
            if (_services.TryGetValue(service, out var operations) && operations.Count == sorted.Length)
                _sorted[service] = sorted;
        }

        public bool TryAdd(ServiceOperation added)
        {
            var isNew = !_services.TryGetValue(added.Service, out var known);
            var operation = new Operation(added.Name, added.Kind);
            if (known?.Contains(operation) == true)
                return true;
            var chars = added.Name.Length + (isNew ? added.Service.Length : 0);
            if (_chars + chars > CharsMax || (isNew ? _services.Count >= ServicesMax : known!.Count >= OperationsPerServiceMax))
                return false;
            if (isNew)
            {
                _services.Add(added.Service, known = []);
                _names = null;
            }

            _chars += chars;
            known!.Add(operation);
            _sorted.Remove(added.Service);
            return true;
        }
    }
}
