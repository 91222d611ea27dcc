using Clew.Model;

namespace Clew.Storage.Blocks;

/// <summary>The distinct operations of a block under construction.</summary>
internal sealed class OperationCollector
{
    readonly HashSet<(int Scope, int Name, SpanKind Kind)> _codes = [];

    // Neighbours are often alike, and the set is only asked when they are not.
    public void Add(SpanColumns spans)
    {
        var before = (Scope: -1, Name: -1, Kind: SpanKind.Unspecified);
        for (var row = 0; row < spans.Count; row++)
        {
            var code = (Scope: spans.Scopes[row], Name: spans.Names[row], Kind: spans.Kinds[row]);
            if (code != before)
                _codes.Add(code);
            before = code;
        }
    }

    /// <param name="dictionary">What the codes are codes of.</param>
    public IReadOnlyCollection<ServiceOperation> ToOperations(SpanBatch dictionary)
    {
        var services = new string?[dictionary.Resources.Count];
        var operations = new HashSet<ServiceOperation>(_codes.Count);
        foreach (var (scope, name, kind) in _codes)
        {
            var resource = dictionary.Scopes.Resources[scope];
            operations.Add(new ServiceOperation(services[resource] ??= ServiceName.Of(dictionary, resource), dictionary.Strings.GetString(name), kind));
        }

        return operations;
    }
}
