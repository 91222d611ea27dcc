using Clew.Model;

namespace Clew.Server.Queries;

/// <summary>The name an operation goes by in Jaeger: that of its spans, or a stand-in where they have none. <see cref="ServiceName"/> has those of services.</summary>
internal static class OperationName
{
    public const string Empty = "empty-span-name";

    public static string Of(string spanName) => spanName.Length == 0 ? Empty : spanName;

    /// <summary>The stand-in means both spans without a name and those that are called so.</summary>
    public static SpanCondition Is(string name) =>
        name == Empty ? new SpanCondition.AnyOf([new SpanCondition.NameIs(""), new SpanCondition.NameIs(Empty)]) : new SpanCondition.NameIs(name);

    /// <summary>The spans, each with a name. The batch itself stays as it is.</summary>
    public static SpanBatch WrittenOut(SpanBatch spans)
    {
        if (!spans.Spans.Names.Values.Contains(0))
            return spans;
        var copier = new SpanCopier(new SpanBatch());
        copier.CopyAll(spans);
        copier.Target.Spans.Names.Writable.Replace(0, copier.Target.Strings.Intern(Empty));
        return copier.Target;
    }
}
