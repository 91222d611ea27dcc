using System.Diagnostics.CodeAnalysis;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tags;

/// <summary>The name of something that spans have values of, as it is written in a query: <c>span.http.method</c>, <c>.a</c>, <c>status</c>.</summary>
public static class TagName
{
    /// <summary>Reads an attribute or an intrinsic, and nothing else.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FieldExpression? field, [NotNullWhen(false)] out QueryError? error)
    {
        var tokens = new TokenStream(text);
        field = new FieldParser(tokens).ReadAttribute();
        if (tokens.Current.Kind != TokenKind.End)
            tokens.FailUnexpected("the end of the name");
        error = tokens.Error;
        error ??= field is FieldExpression.Attribute { Scope: AttributeScope.Parent or AttributeScope.ParentSpan or AttributeScope.ParentResource } or FieldExpression.Field { Intrinsic: Intrinsic.Parent }
            ? new QueryError(field.At, "attributes of the parent are not yet supported")
            : null;
        if (error is not null)
            field = null;
        return error is null;
    }

    /// <summary>The intrinsic of a name without a scope, else the attribute of that name, whatever it consists of.</summary>
    public static FieldExpression OfPlain(string name) => IntrinsicNames.TryFindPlain(name, out var intrinsic) && intrinsic != Intrinsic.Parent
        ? new FieldExpression.Field(intrinsic)
        : new FieldExpression.Attribute(AttributeScope.None, name);
}
