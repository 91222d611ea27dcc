namespace Clew.TraceQL.Syntax;

/// <summary>How intrinsics are spelt, and what type they have.</summary>
static class IntrinsicNames
{
    readonly record struct Row(Intrinsic Intrinsic, ValueType Type, string? Scoped, string? Plain);

    static readonly Row[] Table =
    [
        new(Intrinsic.Duration, ValueType.Duration, "span:duration", "duration"),
        new(Intrinsic.Name, ValueType.Text, "span:name", "name"),
        new(Intrinsic.Status, ValueType.Status, "span:status", "status"),
        new(Intrinsic.StatusMessage, ValueType.Text, "span:statusMessage", "statusMessage"),
        new(Intrinsic.Kind, ValueType.Kind, "span:kind", "kind"),
        new(Intrinsic.SpanId, ValueType.Text, "span:id", null),
        new(Intrinsic.ParentId, ValueType.Text, "span:parentID", null),
        new(Intrinsic.ChildCount, ValueType.Int, "span:childCount", null),
        new(Intrinsic.TraceDuration, ValueType.Duration, "trace:duration", "traceDuration"),
        new(Intrinsic.RootName, ValueType.Text, "trace:rootName", "rootName"),
        new(Intrinsic.RootServiceName, ValueType.Text, "trace:rootService", "rootServiceName"),
        new(Intrinsic.TraceId, ValueType.Text, "trace:id", null),
        new(Intrinsic.EventName, ValueType.Text, "event:name", null),
        new(Intrinsic.EventTimeSinceStart, ValueType.Duration, "event:timeSinceStart", null),
        new(Intrinsic.LinkTraceId, ValueType.Text, "link:traceID", null),
        new(Intrinsic.LinkSpanId, ValueType.Text, "link:spanID", null),
        new(Intrinsic.InstrumentationName, ValueType.Text, "instrumentation:name", null),
        new(Intrinsic.InstrumentationVersion, ValueType.Text, "instrumentation:version", null),
        new(Intrinsic.NestedSetLeft, ValueType.Int, null, "nestedSetLeft"),
        new(Intrinsic.NestedSetRight, ValueType.Int, null, "nestedSetRight"),
        new(Intrinsic.NestedSetParent, ValueType.Int, null, "nestedSetParent"),
        new(Intrinsic.Parent, ValueType.Nil, null, "parent"),
    ];

    public static IEnumerable<string> Plain => Table.Where(row => row.Plain is not null).Select(row => row.Plain!);

    public static IEnumerable<string> Scoped => Table.Where(row => row.Scoped is not null).Select(row => row.Scoped!);

    public static bool TryFindPlain(string name, out Intrinsic intrinsic) => TryFind(row => row.Plain == name, out intrinsic);

    public static bool TryFindScoped(string name, out Intrinsic intrinsic) => TryFind(row => row.Scoped == name, out intrinsic);

    /// <summary>The canonical spelling: the plain one where there is one.</summary>
    public static string TextOf(Intrinsic intrinsic)
    {
        var row = Table[(int)intrinsic];
        return row.Plain ?? row.Scoped!;
    }

    public static ValueType TypeOf(Intrinsic intrinsic) => Table[(int)intrinsic].Type;

    static bool TryFind(Predicate<Row> isMeant, out Intrinsic intrinsic)
    {
        var at = Array.FindIndex(Table, isMeant);
        intrinsic = at < 0 ? default : Table[at].Intrinsic;
        return at >= 0;
    }
}
