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
    readonly Dictionary<string, HashSet<Operation>> _services = new(StringComparer.Ordinal);
    readonly Dictionary<string, Operation[]> _sorted = new(StringComparer.Ordinal);
    string[]? _names;
    long _chars, _unlistedCount;

    /// <summary>How often an operation came that the full lists did not take.</summary>
    public long UnlistedCount => Interlocked.Read(ref _unlistedCount);

    public void Add(IReadOnlyCollection<ServiceOperation> operations)
    {
        lock (_lock)
        {
            foreach (var operation in operations)
            {
                if (!TryAdd(operation))
                    Interlocked.Increment(ref _unlistedCount);
            }
        }
    }

    /// <summary>In ordinal order.</summary>
    public IReadOnlyList<string> Services()
    {
        lock (_lock)
            return _names ??= [.. _services.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>By name, then kind.</summary>
    public IReadOnlyList<Operation> Operations(string service)
    {
        Operation[] listed;
        lock (_lock)
        {
            if (_sorted.TryGetValue(service, out var known))
                return known;
            if (!_services.TryGetValue(service, out var operations))
                return [];
            listed = [.. operations];
        }

        // The committer takes the same lock for every batch: it must not wait while a long list is sorted.
        Operation[] sorted = [.. listed.OrderBy(operation => operation.Name, StringComparer.Ordinal).ThenBy(operation => operation.Kind)];
        lock (_lock)
        {
            if (_services[service].Count == sorted.Length)
                _sorted[service] = sorted;
        }

        return sorted;
    }

    bool TryAdd(ServiceOperation added)
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
