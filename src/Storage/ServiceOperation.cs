using System.Buffers;
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

    // Spans of one name mostly have one scope and kind: each name remembers those it was seen with last, and the set is only asked when they differ.
    static HashSet<(int Scope, int Name, SpanKind Kind)> CodesOf(SpanBatch batch)
    {
        const int KindCount = 8;
        var codes = new HashSet<(int, int, SpanKind)>();
        var names = batch.Spans.Names.Values;
        var scopes = batch.Spans.Scopes.Values;
        var kinds = batch.Spans.Kinds.Values;
        var rented = ArrayPool<long>.Shared.Rent(batch.Strings.Count);
        var lastOfName = rented.AsSpan(0, batch.Strings.Count);
        lastOfName.Clear();
        for (var row = 0; row < names.Length; row++)
        {
            ref var last = ref lastOfName[names[row]];
            var seen = (long)scopes[row] * KindCount + (int)kinds[row] + 1;
            if (seen == last)
                continue;
            last = seen;
            codes.Add((scopes[row], names[row], kinds[row]));
        }

        ArrayPool<long>.Shared.Return(rented);
        return codes;
    }
}
