using Clew.Model;

namespace Clew.Storage;

/// <summary>A span name of a service, with the kind it was seen as: what lists of operations are made of, and what tells a query that a block has nothing for it.</summary>
internal readonly record struct ServiceOperation(string Service, string Name, SpanKind Kind)
{
    /// <summary>The distinct operations of a batch.</summary>
    public static IReadOnlyCollection<ServiceOperation> AllOf(SpanBatch batch)
    {
        var codes = CodesOf(batch);
        var services = new string?[batch.Resources.Count];
        var operations = new HashSet<ServiceOperation>(codes.Count);
        foreach (var (scope, name, kind) in codes)
        {
            var resource = batch.Scopes.Resources[scope];
            var service = services[resource] ??= ServiceName.Of(batch, resource);
            operations.Add(new ServiceOperation(service, batch.Strings.GetString(name), kind));
        }

        return operations;
    }

    // Neighbours are often alike, and the set is only asked when they are not.
    static HashSet<(int Scope, int Name, SpanKind Kind)> CodesOf(SpanBatch batch)
    {
        var codes = new HashSet<(int, int, SpanKind)>();
        var spans = batch.Spans;
        var before = (Scope: -1, Name: -1, Kind: SpanKind.Unspecified);
        for (var row = 0; row < spans.Count; row++)
        {
            var code = (Scope: spans.Scopes[row], Name: spans.Names[row], Kind: spans.Kinds[row]);
            if (code != before)
                codes.Add(code);
            before = code;
        }

        return codes;
    }
}
