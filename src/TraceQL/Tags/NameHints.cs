using Clew.Model;
using Clew.TraceQL.Binding;
using Clew.TraceQL.Simple;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tags;

/// <summary>Says of a query that found nothing which of its names no stored span has, and which were meant. May be asked by any number of threads at once.</summary>
/// <remarks>Names are looked for among those of all times: what is stored outside of the range that was asked for is not misspelt.</remarks>
public sealed class NameHints(ITraceStore store, TagSearch tags)
{
    /// <summary>More are not read.</summary>
    const int CountMax = 5;

    // What is longer is nobody's slip of the fingers; and comparing many or long names takes time.
    const int NameLengthMax = 80, ComparedMax = 10_000;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    static readonly AttributeScope[] Scopes = [AttributeScope.Span, AttributeScope.Resource, AttributeScope.Instrumentation, AttributeScope.Event, AttributeScope.Link];

    /// <summary>Sentences; none when all names are known, when a part of the store cannot be read, or when it would take more time than the query has left, or memory.</summary>
    /// <param name="report">How the query was answered: one that was not evaluated whole found nothing for that reason.</param>
    /// <param name="budget">Of the query.</param>
    public async Task<IReadOnlyList<string>> FindAsync(Query query, QueryReport report, QueryBudget budget, CancellationToken cancellation)
    {
        var expressions = FieldExpressions.Of(query).ToArray();
        var attributes = expressions.OfType<FieldExpression.Attribute>().DistinctBy(attribute => attribute.ToString()).ToArray();
        var services = expressions.OfType<FieldExpression.Binary>().Select(ServiceIn).OfType<string>().Distinct().ToArray();
        var left = LeftOf(report, budget);
        if (report.Partial is not null || attributes.Length + services.Length == 0 || left.Within <= TimeSpan.Zero)
            return [];
        try
        {
            using var keys = await tags.FindNamesAsync(TimeRange.All, filter: null, left, cancellation);
            return await FindAsync(attributes, services, keys, cancellation);
        }
        catch (NoMemoryException)
        {
            // The query has its answer; it is not refused for want of a hint.
            return [];
        }
    }

    async Task<IReadOnlyList<string>> FindAsync(FieldExpression.Attribute[] attributes, string[] services, TagNamesResult keys, CancellationToken cancellation)
    {
        var knownServices = services.Length == 0 ? [] : await store.FindServicesAsync(cancellation);
        // Asked last: that a part cannot be read is found out by reading.
        var statistics = store.Statistics;
        // Where nothing is stored, or not all is known, nothing is certainly wrong.
        if (keys.Names.Count == 0 || keys.Reads.CutBy is not null || statistics is not { Unreachable: [], Damage: [] })
            return [];
        // What the bounded lists did not take may be of any service.
        if (statistics.UnlistedOperationCount > 0)
            services = [];
        var known = keys.Names.ToHashSet();
        return
        [
            .. attributes.Select(attribute => OfAttribute(attribute, known)).Concat(services.Select(service => OfService(service, knownServices)))
                .OfType<string>().Take(CountMax),
        ];
    }

    static QueryBudget LeftOf(QueryReport report, QueryBudget budget)
    {
        if (budget.Within == Timeout.InfiniteTimeSpan)
            return budget with { Within = Patience };
        var left = budget.Within - report.Stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + stage.Took);
        return budget with { Within = left < Patience ? left : Patience };
    }

    static string? OfAttribute(FieldExpression.Attribute attribute, HashSet<AttributeKey> known)
    {
        var (name, places) = (attribute.Name, PlacesOf(attribute.Scope));
        if (places.Any(place => known.Contains(new AttributeKey(OwnerOf(place), name))))
            return null;
        foreach (var scope in Scopes)
        {
            if (known.Contains(new AttributeKey(OwnerOf(scope), name)))
                return $"{name} is an attribute of {NounOf(scope)}: {new FieldExpression.Attribute(scope, name)}.";
        }

        return $"No span has the attribute {attribute}." + (Meant(attribute, places, known) is { } meant ? $" Did you mean {meant}?" : "");
    }

    static FieldExpression? Meant(FieldExpression.Attribute attribute, AttributeScope[] places, HashSet<AttributeKey> known)
    {
        if (FieldMeant(attribute) is { } field)
            return field;
        var name = attribute.Name;
        foreach (var scope in places.Concat(Scopes.Except(places)))
        {
            var keys = known.Where(key => key.Owner == OwnerOf(scope)).Select(key => key.Key).Take(ComparedMax);
            if ((Fuller(name, keys) ?? Nearest(name, keys)) is { } meant)
                return new FieldExpression.Attribute(scope, meant);
        }

        return null;
    }

    static FieldExpression? FieldMeant(FieldExpression.Attribute attribute)
    {
        if (IntrinsicNames.TryFindScoped(ScopeNames.PrefixOf(attribute.Scope).Replace('.', ':') + attribute.Name, out var scoped))
            return new FieldExpression.Field(scoped);
        // The simple form knows what people call the fields of a span, and of nothing else.
        return attribute.Scope is AttributeScope.None or AttributeScope.Span or AttributeScope.Resource
            && SimpleMeaning.FieldOf(attribute.Name) is var field and (FieldExpression.Field { Intrinsic: not Intrinsic.Parent } or FieldExpression.Attribute { Scope: AttributeScope.Resource, Name: ServiceName.Key })
            ? field : null;
    }

    /// <summary>The name that a service must have for a comparison to hold; null for any other comparison.</summary>
    static string? ServiceIn(FieldExpression.Binary comparison) => comparison switch
    {
        { Operator: not BinaryOperator.Equal } => null,
        { Right: FieldExpression.Constant { Value: { Type: ValueType.Text, Text: var text } } } when IsService(comparison.Left) => text,
        { Left: FieldExpression.Constant { Value: { Type: ValueType.Text, Text: var text } } } when IsService(comparison.Right) => text,
        _ => null,
    };

    static bool IsService(FieldExpression field) => field
        is FieldExpression.Attribute { Scope: AttributeScope.Resource or AttributeScope.None, Name: ServiceName.Key }
        or FieldExpression.Field { Intrinsic: Intrinsic.RootServiceName };

    static string? OfService(string service, IReadOnlyList<string> known)
    {
        // The store lists stand-ins for names that are none, and no service.name is equal to one.
        if (service.Length == 0 || known.Contains(service))
            return null;
        return $"No stored span is of service {Value.OfText(service)}." + (Nearest(service, known.Where(other => !IsStandIn(other))) is { } nearest ? $" Did you mean {Value.OfText(nearest)}?" : "");
    }

    static bool IsStandIn(string service) => service is ServiceName.Missing or ServiceName.Empty or ServiceName.WrongType;

    /// <summary>The shortest name with all parts of another in their order, as <c>http.response.status_code</c> has those of <c>http.status_code</c>: old conventions are shorter, and so is what people remember.</summary>
    static string? Fuller(string name, IEnumerable<string> known)
    {
        var parts = name.Split('.');
        return known.Where(other => other.Length > name.Length && HasParts(other.Split('.'), parts)).MinBy(other => other.Length);
    }

    static bool HasParts(string[] fuller, string[] parts)
    {
        var found = 0;
        foreach (var part in fuller)
            found += found < parts.Length && part.Equals(parts[found], StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        return found == parts.Length;
    }

    static string? Nearest(string name, IEnumerable<string> known) =>
        name.Length > NameLengthMax ? null : NearestName.Find(name, known.Where(other => other.Length <= NameLengthMax).Take(ComparedMax));

    static AttributeScope[] PlacesOf(AttributeScope scope) => scope == AttributeScope.None ? [AttributeScope.Span, AttributeScope.Resource] : [scope];

    static AttributeOwners OwnerOf(AttributeScope scope) => scope switch
    {
        AttributeScope.Resource => AttributeOwners.Resource,
        AttributeScope.Instrumentation => AttributeOwners.Scope,
        AttributeScope.Event => AttributeOwners.Event,
        AttributeScope.Link => AttributeOwners.Link,
        _ => AttributeOwners.Span,
    };

    static string NounOf(AttributeScope scope) => scope switch
    {
        AttributeScope.Resource => "the resource",
        AttributeScope.Instrumentation => "the instrumentation scope",
        AttributeScope.Event => "events",
        AttributeScope.Link => "links",
        _ => "the span",
    };
}
