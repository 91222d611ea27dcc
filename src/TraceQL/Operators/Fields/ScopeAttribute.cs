namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>instrumentation.x</c></summary>
internal sealed class ScopeAttribute(string name) : ScopeWideField(name)
{
    protected override Cell OfScope(int scope) => Find(Batch.Scopes.Attributes, scope);
}
