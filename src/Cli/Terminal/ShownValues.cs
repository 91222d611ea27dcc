using System.Globalization;
using System.Text.Json;
using Clew.Model;
using Clew.TraceQL;
using Clew.TraceQL.Syntax;

namespace Clew.Cli.Terminal;

/// <summary>What a query wants to see of each trace beside its figures: the values of <c>select(…)</c>, and the groups of <c>by(…)</c>.</summary>
/// <param name="Fields">As <c>select(…)</c> has them; attributes of one name, which answers do not tell apart, once.</param>
/// <param name="HasGroups">Whether there is a <c>by(…)</c>.</param>
internal sealed record ShownValues(IReadOnlyList<FieldExpression> Fields, bool HasGroups)
{
    const int SpansMax = 100, ValuesMax = 5;

    const string GroupPrefix = "by(";

    /// <summary>Nothing more than the figures.</summary>
    public static ShownValues None { get; } = new([], HasGroups: false);

    /// <param name="query">Canonical, as the server has translated it. One that is not understood here shows its figures alone.</param>
    public static ShownValues Of(string query)
    {
        if (!TraceQLQuery.TryCompile(query, out var compiled, out _) || compiled.Spans is not { Stages: var stages })
            return None;
        var fields = stages.OfType<PipelineStage.Select>().SelectMany(select => select.Fields);
        return new ShownValues([.. fields.DistinctBy(field => (NameOf(field), field is FieldExpression.Attribute))], stages.Any(stage => stage is PipelineStage.GroupBy));
    }

    /// <summary>How many spans of each set have to be asked for.</summary>
    public int SpansPerSpanset => Fields.Count > 0 ? SpansMax : 0;

    /// <summary>One line for the groups and one for the fields; none for what no span has.</summary>
    /// <param name="trace">Of an answer of <c>/api/clew/v1/search?q=</c>.</param>
    public IEnumerable<string> LinesOf(JsonElement trace)
    {
        var spansets = trace.GetProperty("spanSets").EnumerateArray().ToArray();
        if (HasGroups && GroupsOf(spansets) is { Length: > 0 } groups)
            yield return groups;
        var spans = spansets.SelectMany(spanset => spanset.GetProperty("spans").EnumerateArray()).ToArray();
        var fields = Fields.Select(field => (Name: NameOf(field), Values: spans.SelectMany(span => ValuesOf(span, field)).Distinct().ToArray())).Where(field => field.Values.Length > 0);
        if (string.Join("; ", fields.Select(field => $"{field.Name}: {ListOf(field.Values)}")) is { Length: > 0 } selected)
            yield return selected;
    }

    /// <summary><c>by(.cache.tier): hot ×1 (avg(duration) 28.2ms), cold ×4 (avg(duration) 16.4ms)</c></summary>
    static string GroupsOf(JsonElement[] spansets)
    {
        var named = spansets.Select(spanset => (Spanset: spanset, Attributes: spanset.GetProperty("attributes").EnumerateArray().ToLookup(IsGroup))).Where(set => set.Attributes[true].Any()).ToArray();
        if (named.Length == 0)
            return "";
        var names = string.Join(", ", named[0].Attributes[true].Select(NameOf));
        var groups = named.Select(set =>
            $"{string.Join(", ", set.Attributes[true].Select(TextOf))} ×{set.Spanset.GetProperty("matched").GetInt32()}"
            + (set.Attributes[false].Any() ? $" ({string.Join(", ", set.Attributes[false].Select(attribute => $"{NameOf(attribute)} {TextOf(attribute)}"))})" : ""));
        return $"{names}: {ListOf([.. groups])}";
    }

    static string ListOf(string[] texts) => string.Join(", ", texts.Take(ValuesMax)) + (texts.Length > ValuesMax ? ", …" : "");

    static bool IsGroup(JsonElement attribute) => NameOf(attribute).StartsWith(GroupPrefix, StringComparison.Ordinal);

    static IEnumerable<string> ValuesOf(JsonElement span, FieldExpression field) => field switch
    {
        FieldExpression.Field { Intrinsic: Intrinsic.Name } => [TerminalText.Sanitize(span.GetProperty("name").GetString()!)],
        FieldExpression.Field { Intrinsic: Intrinsic.Duration } => [NanosText.Duration(ulong.Parse(span.GetProperty("durationNanos").GetString()!, CultureInfo.InvariantCulture))],
        _ => span.GetProperty("attributes").EnumerateArray().Where(attribute => attribute.GetProperty("name").GetString() == NameOf(field)).Select(TextOf),
    };

    /// <summary>As in answers.</summary>
    static string NameOf(FieldExpression field) => field is FieldExpression.Attribute attribute ? attribute.Name : field.ToString();

    static string NameOf(JsonElement attribute) => TerminalText.Sanitize(attribute.GetProperty("name").GetString()!);

    static string TextOf(JsonElement attribute) => attribute.GetProperty("value") switch
    {
        { ValueKind: JsonValueKind.String } text when attribute.GetProperty("type").GetString() == "duration" && GoDuration.TryParse(text.GetString()!, out var nanos) => NanosText.Duration(nanos),
        { ValueKind: JsonValueKind.String } text => TerminalText.Sanitize(text.GetString()!),
        { ValueKind: JsonValueKind.Null } => "nil",
        var other => TerminalText.Sanitize(other.GetRawText()),
    };
}
