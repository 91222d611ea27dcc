using System.Globalization;
using System.Text;
using Clew.TraceQL.Syntax;

namespace Clew.TraceQL.Tests;

/// <summary>A query's tree with all there is to it except places in the text, for comparing: every node in parentheses, every value with its type.</summary>
static class Shape
{
    public static string Of(Query query)
    {
        var text = new StringBuilder();
        if (query.Spans is not null)
            Write(text, query.Spans);
        if (query.Metrics is not null)
            Write(text, query.Metrics);
        foreach (var hint in query.Hints)
            Write(text.Append("hint ").Append(hint.Name), hint.Value);
        return text.ToString();
    }

    static void Write(StringBuilder text, object? node)
    {
        text.Append('(');
        switch (node)
        {
            case null:
                break;
            case Value value:
                text.Append(value.Type).Append(' ').Append(value.Type == ValueType.Text ? value.Text : value.Type == ValueType.Float ? value.Number.ToString("R", CultureInfo.InvariantCulture) : value.Int);
                break;
            case string or Enum or int or long or double or bool:
                text.Append(CultureInfo.InvariantCulture, $"{node}");
                break;
            case System.Collections.IEnumerable items:
                foreach (var item in items)
                    Write(text, item);
                break;
            default:
                text.Append(node.GetType().Name);
                foreach (var property in node.GetType().GetProperties().Where(property => property.Name != "At").OrderBy(property => property.Name, StringComparer.Ordinal))
                    Write(text, property.GetValue(node));
                break;
        }

        text.Append(')');
    }
}
