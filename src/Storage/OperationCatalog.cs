using Clew.Model;

namespace Clew.Storage;

/// <summary>The services and operations of all stored spans, kept current as spans arrive, so that listing them costs nothing.</summary>
internal sealed class OperationCatalog
{
    readonly Lock _lock = new();
    readonly Dictionary<string, HashSet<Operation>> _services = new(StringComparer.Ordinal);
    readonly Dictionary<string, Operation[]> _sorted = new(StringComparer.Ordinal);
    string[]? _names;

    public void Add(IReadOnlyCollection<ServiceOperation> operations)
    {
        lock (_lock)
        {
            foreach (var operation in operations)
            {
                if (!_services.TryGetValue(operation.Service, out var known))
                {
                    _services.Add(operation.Service, known = []);
                    _names = null;
                }

                if (known.Add(new Operation(operation.Name, operation.Kind)))
                    _sorted.Remove(operation.Service);
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
        lock (_lock)
        {
            if (_sorted.TryGetValue(service, out var sorted))
                return sorted;
            if (!_services.TryGetValue(service, out var known))
                return [];
            sorted = [.. known.OrderBy(operation => operation.Name, StringComparer.Ordinal).ThenBy(operation => operation.Kind)];
            _sorted.Add(service, sorted);
            return sorted;
        }
    }
}
