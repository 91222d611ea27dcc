using System.Globalization;
using System.Text.Json;

namespace Clew.Server.Tempo;

/// <summary>Writes <c>"metrics":{…}</c>: what an answer took. Zeros are left out.</summary>
internal static class ReadsJson
{
    public static void Write(Utf8JsonWriter writer, AnswerCost cost)
    {
        writer.WriteStartObject("metrics");
        Small(writer, "inspectedTraces", cost.TraceCount);
        Large(writer, "inspectedBytes", cost.Bytes);
        Small(writer, "totalBlocks", cost.BlockCount);
        Small(writer, "completedJobs", cost.IsComplete ? 1 : 0);
        writer.WriteNumber("totalJobs", 1);
        Large(writer, "inspectedSpans", cost.SpanCount);
        writer.WriteEndObject();
    }

    /// <summary>Of answers about tags.</summary>
    public static void WriteOfTags(Utf8JsonWriter writer, AnswerCost cost)
    {
        writer.WriteStartObject("metrics");
        Large(writer, "inspectedBytes", cost.Bytes);
        writer.WriteNumber("totalJobs", 1);
        Small(writer, "completedJobs", cost.IsComplete ? 1 : 0);
        Small(writer, "totalBlocks", cost.BlockCount);
        writer.WriteEndObject();
    }

    static void Small(Utf8JsonWriter writer, string name, long count)
    {
        if (count != 0)
            writer.WriteNumber(name, Math.Min(count, uint.MaxValue));
    }

    static void Large(Utf8JsonWriter writer, string name, long count)
    {
        if (count != 0)
            writer.WriteString(name, count.ToString(CultureInfo.InvariantCulture));
    }
}
