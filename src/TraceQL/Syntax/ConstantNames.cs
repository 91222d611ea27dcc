using Clew.Model;

namespace Clew.TraceQL.Syntax;

/// <summary>Values that are words.</summary>
static class ConstantNames
{
    static readonly (string Name, Value Value)[] Table =
    [
        ("true", Value.OfBool(true)), ("false", Value.OfBool(false)), ("nil", Value.Nil),
        ("ok", Value.OfStatus(StatusCode.Ok)), ("error", Value.OfStatus(StatusCode.Error)), ("unset", Value.OfStatus(StatusCode.Unset)),
        ("unspecified", Value.OfKind(SpanKind.Unspecified)), ("internal", Value.OfKind(SpanKind.Internal)), ("server", Value.OfKind(SpanKind.Server)),
        ("client", Value.OfKind(SpanKind.Client)), ("producer", Value.OfKind(SpanKind.Producer)), ("consumer", Value.OfKind(SpanKind.Consumer)),
        ("minInt", Value.OfInt(long.MinValue)), ("maxInt", Value.OfInt(long.MaxValue)),
    ];

    public static IEnumerable<string> Known => Table.Select(row => row.Name);

    public static bool TryFind(string name, out Value value)
    {
        var at = Array.FindIndex(Table, row => row.Name == name);
        value = at < 0 ? Value.Nil : Table[at].Value;
        return at >= 0;
    }

    public static string TextOf(StatusCode status) => Table[3 + Array.IndexOf([StatusCode.Ok, StatusCode.Error, StatusCode.Unset], status)].Name;

    public static string TextOf(SpanKind kind) => Table[6 + (int)kind].Name;
}
