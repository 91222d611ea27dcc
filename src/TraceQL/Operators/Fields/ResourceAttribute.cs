namespace Clew.TraceQL.Operators.Fields;

/// <summary><c>resource.x</c></summary>
internal sealed class ResourceAttribute(string name) : ScopeWideField(name)
{
    protected override Cell OfScope(int scope) => Find(Batch.Resources.Attributes, Batch.Scopes.Resources[scope]);
}
