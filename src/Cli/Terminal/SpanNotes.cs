using Clew.Model;

namespace Clew.Cli.Terminal;

/// <summary>The lines under a span: what went wrong, what is broken about it, and on demand its attributes, links and events.</summary>
/// <param name="origin">What offsets are counted from: the start of the trace.</param>
internal sealed class SpanNotes(Trace trace, UnixNanos origin)
{
    readonly SpanBatch _batch = trace.Batch;

    public IEnumerable<(NoteWeight Weight, string Text)> Of(int row, TraceTreeDetail detail)
    {
        if (_batch.Spans.Statuses[row] == StatusCode.Error)
            yield return (NoteWeight.Error, Message(row) is { Length: > 0 } message ? $"✗ error: {message}" : "✗ error");
        foreach (var broken in Broken(row))
            yield return (NoteWeight.Warning, "! " + broken);
        foreach (var text in (detail.HasAttributes ? Attributes(row) : []).Concat(detail.HasEvents ? Events(row) : []))
            yield return (NoteWeight.Detail, text);
    }

    IEnumerable<string> Broken(int row)
    {
        var spans = _batch.Spans;
        if (trace.StandingOf(row) == SpanStanding.Orphan)
            yield return $"orphan: its parent {spans.ParentSpanIds[row]} is not among the stored spans";
        if (trace.StandingOf(row) == SpanStanding.Detached)
            yield return $"detached: its parent {spans.ParentSpanIds[row]} claims to descend from it";
        if (trace.DuplicateOf(row) >= 0)
            yield return $"duplicate: span id {spans.SpanIds[row]} is taken by an earlier span";
        if (spans.Ends[row] < spans.Starts[row])
            yield return $"ends {NanosText.Duration(spans.Ends[row].NanosUntil(spans.Starts[row]))} before it starts";
        if (trace.ParentOf(row) is >= 0 and var parent && spans.Starts[row] < spans.Starts[parent])
            yield return $"starts {NanosText.Duration(spans.Starts[row].NanosUntil(spans.Starts[parent]))} before its parent: their clocks disagree";
    }

    // Some instrumentations record the exception and leave the status without a message.
    string Message(int row)
    {
        var message = FirstLine(_batch.Strings.GetString(_batch.Spans.StatusMessages[row]));
        if (message.Length > 0)
            return message;
        var range = _batch.Events[row];
        for (var at = range.Start; at < range.End; at++)
        {
            if (Find(_batch.Events.Attributes, at, "exception.message") is { Length: > 0 } thrown)
                return FirstLine(thrown);
        }

        return "";
    }

    IEnumerable<string> Attributes(int row)
    {
        var spans = _batch.Spans;
        yield return $"span {spans.SpanIds[row]}  {spans.Kinds[row].ToString().ToLowerInvariant()}  at +{NanosText.Duration(origin.NanosUntil(spans.Starts[row]))}";
        foreach (var text in KeyValues(spans.Attributes, row))
            yield return text;
        if (spans.TraceStates[row] != 0)
            yield return $"tracestate {_batch.Strings.GetString(spans.TraceStates[row])}";
        var links = _batch.Links[row];
        for (var at = links.Start; at < links.End; at++)
        {
            var place = _batch.Links.TraceIds[at] == trace.Id ? "" : $" of trace {_batch.Links.TraceIds[at]}";
            yield return $"→ links to span {_batch.Links.SpanIds[at]}{place}{Inline(_batch.Links.Attributes, at)}";
        }
    }

    IEnumerable<string> Events(int row)
    {
        var events = _batch.Events;
        var range = events[row];
        for (var at = range.Start; at < range.End; at++)
        {
            var offset = NanosText.Duration(_batch.Spans.Starts[row].NanosUntil(events.Times[at]));
            yield return $"• +{offset}  {_batch.Strings.GetString(events.Names[at])}{Inline(events.Attributes, at)}";
            if (Find(events.Attributes, at, "exception.stacktrace") is not { Length: > 0 } stack)
                continue;
            foreach (var line in stack.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                yield return "    " + line;
        }
    }

    IEnumerable<string> KeyValues(AttributeColumns attributes, int owner)
    {
        var range = attributes[owner];
        for (var at = range.Start; at < range.End; at++)
            yield return $"{_batch.Strings.GetString(attributes.Keys[at])} = {ValueText.Format(_batch, attributes.Values[at])}";
    }

    string Inline(AttributeColumns attributes, int owner)
    {
        var text = KeyValues(attributes, owner).Where(pair => !pair.StartsWith("exception.stacktrace", StringComparison.Ordinal));
        return string.Concat(text.Select(pair => "  " + pair));
    }

    string? Find(AttributeColumns attributes, int owner, string key) =>
        _batch.Strings.TryFind(key, out var code) && attributes.TryFind(owner, code, out var value) ? ValueText.Format(_batch, value) : null;

    static string FirstLine(string text) => text.AsSpan().Trim() is var trimmed && trimmed.IndexOfAny('\r', '\n') is >= 0 and var end ? trimmed[..end].ToString() : text.Trim();
}
