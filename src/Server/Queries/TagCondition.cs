using Clew.Model;

namespace Clew.Server.Queries;

/// <summary>What a tag means that a person searches for. Tags that Jaeger derives from fields of a span are asked of those fields.</summary>
internal static class TagCondition
{
    public static SpanCondition Of(string key, string value) => (key, value) switch
    {
        ("error", "true") => IsError,
        ("error", "false") => new SpanCondition.Not(IsError),
        ("span.kind", _) when KindOf(value) is { } kind => new SpanCondition.AnyOf([new SpanCondition.KindIs(kind), Attribute(key, value)]),
        ("otel.status_code", "OK") => new SpanCondition.AnyOf([new SpanCondition.StatusIs(StatusCode.Ok), Attribute(key, value)]),
        ("otel.status_code", "ERROR") => new SpanCondition.AnyOf([new SpanCondition.StatusIs(StatusCode.Error), Attribute(key, value)]),
        ("otel.status_code", "UNSET") => new SpanCondition.StatusIs(StatusCode.Unset),
        _ => Attribute(key, value),
    };

    /// <summary>The name of a kind in Jaeger: empty when it was not said.</summary>
    public static string NameOf(SpanKind kind) => kind switch
    {
        SpanKind.Internal => "internal",
        SpanKind.Server => "server",
        SpanKind.Client => "client",
        SpanKind.Producer => "producer",
        SpanKind.Consumer => "consumer",
        _ => "",
    };

    public static SpanKind? KindOf(string name) => name.ToUpperInvariant() switch
    {
        "INTERNAL" => SpanKind.Internal,
        "SERVER" => SpanKind.Server,
        "CLIENT" => SpanKind.Client,
        "PRODUCER" => SpanKind.Producer,
        "CONSUMER" => SpanKind.Consumer,
        _ => null,
    };

    static SpanCondition.AnyOf IsError => new SpanCondition.AnyOf([new SpanCondition.StatusIs(StatusCode.Error), Attribute("error", "true")]);

    static SpanCondition.AttributeIs Attribute(string key, string value) => new SpanCondition.AttributeIs(key, value, AttributeOwners.Any);
}
