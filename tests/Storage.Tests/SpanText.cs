using System.Text;
using Clew.Model;

namespace Clew.Storage.Tests;

/// <summary>A span as one line of text with everything in it, for fixtures that outlive the code that made them.</summary>
internal static class SpanText
{
    public static string Of(SpanBatch batch, int row)
    {
        var span = batch.Spans[row];
        var text = new StringBuilder();
        text.Append($"{span.TraceId} {span.SpanId} {span.ParentSpanId} {span.Start}..{span.End} {span.Kind} {span.Status} {span.Flags:x8}");
        text.Append($" dropped {span.DroppedAttributeCount},{span.DroppedEventCount},{span.DroppedLinkCount}");
        text.Append($" {Text(batch, span.Name)} {Text(batch, span.TraceState)} {Text(batch, span.StatusMessage)}");
        Append(text, batch, batch.Spans.Attributes, row);
        var events = batch.Events[row];
        for (var at = events.Start; at < events.End; at++)
        {
            text.Append($" event {batch.Events.Times[at]} {Text(batch, batch.Events.Names[at])} dropped {batch.Events.DroppedAttributeCounts[at]}");
            Append(text, batch, batch.Events.Attributes, at);
        }

        var links = batch.Links[row];
        for (var at = links.Start; at < links.End; at++)
        {
            text.Append($" link {batch.Links.TraceIds[at]} {batch.Links.SpanIds[at]} {Text(batch, batch.Links.TraceStates[at])} {batch.Links.Flags[at]:x8}");
            text.Append($" dropped {batch.Links.DroppedAttributeCounts[at]}");
            Append(text, batch, batch.Links.Attributes, at);
        }

        AppendScope(text, batch, span.Scope);
        return text.ToString();
    }

    static void AppendScope(StringBuilder text, SpanBatch batch, int scope)
    {
        var scopes = batch.Scopes;
        text.Append($" scope {Text(batch, scopes.Names[scope])} {Text(batch, scopes.Versions[scope])} {Text(batch, scopes.SchemaUrls[scope])}");
        text.Append($" dropped {scopes.DroppedAttributeCounts[scope]}");
        Append(text, batch, scopes.Attributes, scope);
        var (resources, resource) = (batch.Resources, scopes.Resources[scope]);
        text.Append($" resource {Text(batch, resources.SchemaUrls[resource])} dropped {resources.DroppedAttributeCounts[resource]}");
        Append(text, batch, resources.Attributes, resource);
        var entities = resources.Entities[resource];
        for (var at = entities.Start; at < entities.End; at++)
        {
            text.Append($" entity {Text(batch, resources.Entities.Types[at])} {Text(batch, resources.Entities.SchemaUrls[at])}");
            AppendKeys(text, batch, resources.Entities.IdKeys(at));
            AppendKeys(text, batch, resources.Entities.DescriptionKeys(at));
        }
    }

    static void Append(StringBuilder text, SpanBatch batch, AttributeColumns attributes, int owner)
    {
        var rows = attributes[owner];
        text.Append(" {");
        for (var row = rows.Start; row < rows.End; row++)
            text.Append($" {Text(batch, attributes.Keys[row])}={attributes.Values[row].Kind}:'{ValueText.Format(batch, attributes.Values[row])}'");
        text.Append(" }");
    }

    static void AppendKeys(StringBuilder text, SpanBatch batch, RowRange rows)
    {
        text.Append(" (");
        for (var row = rows.Start; row < rows.End; row++)
            text.Append($" {Text(batch, batch.Resources.Entities.Keys[row])}");
        text.Append(" )");
    }

    static string Text(SpanBatch batch, int code) => $"'{batch.Strings.GetString(code)}'";
}
