namespace Clew.TraceQL.Syntax;

/// <summary>How aggregate functions are called.</summary>
static class Aggregates
{
    // In the order of the enumeration.
    static readonly string[] Names = ["count", "min", "max", "sum", "avg"];

    public static IEnumerable<string> Known => Names;

    public static string TextOf(AggregateFunction function) => Names[(int)function];

    public static bool TryFind(string name, out AggregateFunction function)
    {
        var at = Array.IndexOf(Names, name);
        function = at < 0 ? default : (AggregateFunction)at;
        return at >= 0;
    }
}
