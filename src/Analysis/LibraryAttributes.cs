using Clew.Model;

namespace Clew.Analysis;

/// <summary>Attributes that describe the instrumentation and were put on spans: they are shown with the resource, where they belong.</summary>
/// <remarks>Source: the library-attributes adjuster of Jaeger's query service. One that contradicts its resource stays on the span, with a warning.</remarks>
internal sealed class LibraryAttributes
{
    static readonly string[] Keys =
    [
        "otel.library.name", "otel.library.version", "telemetry.sdk.language", "telemetry.sdk.name", "telemetry.sdk.version", "telemetry.distro.name",
        "telemetry.distro.version",
    ];

    readonly HashSet<int> _moved = [];
    readonly Dictionary<int, List<int>> _byResource = [];
    readonly Dictionary<int, List<string>> _conflicts = [];

    LibraryAttributes()
    {
    }

    /// <summary>Whether a row of the spans' attributes is shown with the resource.</summary>
    public bool IsMoved(int attribute) => _moved.Contains(attribute);

    /// <summary>Rows of the spans' attributes that a resource gets in addition to its own.</summary>
    public IReadOnlyList<int> MovedTo(int resource) => _byResource.TryGetValue(resource, out var rows) ? rows : [];

    /// <summary>What contradicts the resource of a span, in Jaeger's words.</summary>
    public IReadOnlyList<string> ConflictsOf(int row) => _conflicts.TryGetValue(row, out var texts) ? texts : [];

    public static LibraryAttributes Of(SpanBatch batch, IReadOnlyList<int> rows)
    {
        var library = new LibraryAttributes();
        var keys = new List<int>();
        foreach (var name in Keys)
        {
            if (batch.Strings.TryFind(name, out var key))
                keys.Add(key);
        }

        // Most traces have none of these texts at all, the others have them on resources.
        foreach (var row in keys.Count == 0 ? [] : rows)
        {
            var attributes = batch.Spans.Attributes[row];
            for (var attribute = attributes.Start; attribute < attributes.End; attribute++)
            {
                if (keys.Contains(batch.Spans.Attributes.Keys[attribute]))
                    library.Place(batch, row, attribute);
            }
        }

        return library;
    }

    void Place(SpanBatch batch, int row, int attribute)
    {
        var (resource, key, value) = (batch.ResourceOf(row), batch.Spans.Attributes.Keys[attribute], batch.Spans.Attributes.Values[attribute]);
        if (!_byResource.TryGetValue(resource, out var moved))
            _byResource.Add(resource, moved = []);
        var earlier = moved.FindIndex(other => batch.Spans.Attributes.Keys[other] == key);
        var isKnown = batch.Resources.Attributes.TryFind(resource, key, out var known);
        if (!isKnown && earlier >= 0)
            (isKnown, known) = (true, batch.Spans.Attributes.Values[moved[earlier]]);
        if (isKnown && !BatchEquality.SameValue(batch, known, batch, value))
        {
            if (!_conflicts.TryGetValue(row, out var conflicts))
                _conflicts.Add(row, conflicts = []);
            conflicts.Add($"conflicting values between Span and Resource for attribute {batch.Strings.GetString(key)}");
            return;
        }

        _moved.Add(attribute);
        if (!isKnown)
            moved.Add(attribute);
    }
}
