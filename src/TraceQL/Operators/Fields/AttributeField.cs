using System.Text;
using Clew.Model;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Operators.Fields;

/// <summary>An attribute of the span, of its resource or scope, or of its events or links.</summary>
internal abstract class AttributeField(string name) : SpanField
{
    readonly byte[] _name = Encoding.UTF8.GetBytes(name);

    protected SpanBatch Batch { get; private set; } = new();

    /// <summary>The code of the key in the batch; -1 when nothing there has it.</summary>
    protected int Key { get; private set; } = -1;

    public static SpanField Of(AttributeScope scope, string name) => scope switch
    {
        AttributeScope.None => new SpanOrResourceAttribute(name),
        AttributeScope.Span => new SpanAttribute(name),
        AttributeScope.Resource => new ResourceAttribute(name),
        AttributeScope.Instrumentation => new ScopeAttribute(name),
        AttributeScope.Event => new EventAttribute(name),
        AttributeScope.Link => new LinkAttribute(name),
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "A scope without values: binding refuses it."),
    };

    public override void Open(SpanBatch batch)
    {
        Batch = batch;
        Key = batch.Strings.TryFind(_name, out var code) ? code : -1;
    }

    protected Cell Find(AttributeColumns columns, int owner) => Key >= 0 && columns.TryFind(owner, Key, out var value) ? Cell.Of(Batch, value) : Cell.Nil;
}
