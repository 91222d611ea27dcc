using System.Text;
using Clew.Model;
using Clew.Otlp;
using Clew.Otlp.Protobuf;

namespace Clew.Server.Tempo.Streaming;

/// <summary>Reads the requests of <see cref="StreamingQuerier"/>. Each method answers null for a good one, else what is wrong with it.</summary>
/// <remarks>As protobuf implementations do: unknown fields are passed over, of a field that comes twice the last one wins, of a map's keys too.</remarks>
internal static class StreamingRequests
{
    public static string? ReadSearch(ReadOnlySpan<byte> message, out SearchQuestion question)
    {
        const ulong NanosPerMilli = 1_000_000;
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        uint start = 0, end = 0;
        string? brokenTag = null;
        question = new SearchQuestion();
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case SearchRequestField.Tags: brokenTag ??= ReadTag(reader.Message(), tags); break;
                case SearchRequestField.MinDurationMs: question = question with { DurationNanosMin = (uint)reader.Varint() * NanosPerMilli }; break;
                case SearchRequestField.MaxDurationMs when (uint)reader.Varint() is var millis: question = question with { DurationNanosMax = millis == 0 ? ulong.MaxValue : millis * NanosPerMilli }; break;
                case SearchRequestField.Limit when Small(reader.Varint()) is var limit: question = question with { TraceCountMax = limit == 0 ? SearchQuestion.TracesDefault : limit }; break;
                case SearchRequestField.Start: start = (uint)reader.Varint(); break;
                case SearchRequestField.End: end = (uint)reader.Varint(); break;
                case SearchRequestField.Query: question = question with { Text = Text(ref reader).Trim() }; break;
                case SearchRequestField.SpansPerSpanSet: question = question with { SpansPerSpanset = Small(reader.Varint()) }; break;
                default: reader.Skip(OtlpLimits.NestingBound); break;
            }
        }

        question = question with { Tags = [.. tags.Select(tag => (tag.Key, tag.Value))], Range = TempoParameters.RangeOf(start, end) };
        return Problem(reader) ?? brokenTag ?? TempoParameters.RangeProblem(start, end);
    }

    public static string? ReadTags(ReadOnlySpan<byte> message, out TagsQuestion question)
    {
        var (scope, query, limit) = ("", "", 0);
        uint start = 0, end = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case TagsRequestField.Scope: scope = Text(ref reader); break;
                case TagsRequestField.Query: query = Text(ref reader); break;
                case TagsRequestField.Start: start = (uint)reader.Varint(); break;
                case TagsRequestField.End: end = (uint)reader.Varint(); break;
                case TagsRequestField.MaxTagsPerScope: limit = Small(reader.Varint()); break;
                default: reader.Skip(OtlpLimits.NestingBound); break;
            }
        }

        question = new TagsQuestion(scope, query, TempoParameters.RangeOf(start, end), limit);
        return Problem(reader) ?? TempoParameters.RangeProblem(start, end) ?? question.Problem;
    }

    public static string? ReadTagValues(ReadOnlySpan<byte> message, bool isPlain, out TagValuesQuestion question)
    {
        var (name, query, limit) = ("", "", 0);
        uint start = 0, end = 0;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case TagValuesRequestField.TagName: name = Text(ref reader); break;
                case TagValuesRequestField.Query: query = Text(ref reader); break;
                case TagValuesRequestField.Start: start = (uint)reader.Varint(); break;
                case TagValuesRequestField.End: end = (uint)reader.Varint(); break;
                case TagValuesRequestField.MaxTagValues: limit = Small(reader.Varint()); break;
                default: reader.Skip(OtlpLimits.NestingBound); break;
            }
        }

        question = new TagValuesQuestion(name, isPlain, query, TempoParameters.RangeOf(start, end), limit);
        return Problem(reader) ?? TempoParameters.RangeProblem(start, end);
    }

    /// <summary>Of series over time and of instants: the latter have the first three fields.</summary>
    public static string? ReadQuery(ReadOnlySpan<byte> message, bool isInstant, out MetricsQuestion question)
    {
        question = new MetricsQuestion { Text = "", Start = default, End = default, IsInstant = isInstant };
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case QueryRequestField.Query: question = question with { Text = Text(ref reader) }; break;
                case QueryRequestField.Start: question = question with { Start = new UnixNanos(reader.Varint()) }; break;
                case QueryRequestField.End: question = question with { End = new UnixNanos(reader.Varint()) }; break;
                case QueryRequestField.Step when !isInstant: question = question with { StepNanos = reader.Varint() }; break;
                case QueryRequestField.Exemplars when !isInstant: question = question with { Exemplars = Small(reader.Varint()) }; break;
                case QueryRequestField.MaxSeries when !isInstant: question = question with { Series = Small(reader.Varint()) }; break;
                case QueryRequestField.Instant when !isInstant: question = question with { IsInstant = reader.Varint() != 0 }; break;
                default: reader.Skip(OtlpLimits.NestingBound); break;
            }
        }

        return Problem(reader);
    }

    static string? ReadTag(ProtoReader entry, Dictionary<string, string> tags)
    {
        var (key, value) = ("", "");
        while (entry.Next())
        {
            switch (entry.Tag)
            {
                case MapEntryField.Key: key = Text(ref entry); break;
                case MapEntryField.Value: value = Text(ref entry); break;
                default: entry.Skip(OtlpLimits.NestingBound); break;
            }
        }

        tags[key] = value;
        return Problem(entry);
    }

    static string? Problem(ProtoReader reader) => reader.IsSound ? null : $"the request is malformed at byte {reader.FaultOffset}: {reader.Describe()}";

    // Counts have 32 bits.
    static int Small(ulong number) => (int)Math.Min((uint)number, int.MaxValue);

    static string Text(ref ProtoReader reader) => Encoding.UTF8.GetString(reader.Bytes());
}
