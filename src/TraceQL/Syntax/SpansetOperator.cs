namespace Clew.TraceQL.Syntax;

/// <summary>Operators between two sets of spans of one trace. The relations read from right to left: of <c>A &gt; B</c>, the result is the B that are children of an A.</summary>
public enum SpansetOperator : byte
{
    And, Or,
    Child, Parent, Descendant, Ancestor, Sibling,
    NotChild, NotParent, NotDescendant, NotAncestor, NotSibling,
    UnionChild, UnionParent, UnionDescendant, UnionAncestor, UnionSibling,
}
