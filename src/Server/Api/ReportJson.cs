using System.Text.Json;
using Clew.Model;
using Clew.TraceQL;

namespace Clew.Server.Api;

/// <summary>How a query was answered: <c>"partial"</c> where a bound ended it early, <c>"hints"</c> where it found nothing for its names, and <c>"explain"</c> where somebody asked.</summary>
internal static class ReportJson
{
    /// <param name="leftOutSeriesCount">Series beyond the number that one answer has.</param>
    public static void Write(Utf8JsonWriter writer, QueryReport report, QueryOptions options, bool isExplained, int leftOutSeriesCount = 0)
    {
        WritePartial(writer, report.Partial, options);
        if (report.Partial is null && leftOutSeriesCount > 0)
            WritePartial(writer, "series", $"{leftOutSeriesCount} more series are left out; group by fewer attributes, or use topk().");
        if (isExplained)
            WriteExplanation(writer, report);
    }

    /// <summary>What to look at in a query that found nothing; no hints write nothing.</summary>
    public static void WriteHints(Utf8JsonWriter writer, IReadOnlyList<string> hints)
    {
        if (hints.Count == 0)
            return;
        writer.WriteStartArray("hints");
        foreach (var hint in hints)
            writer.WriteStringValue(hint);
        writer.WriteEndArray();
    }

    /// <param name="limit">What ended the answer early; null writes nothing.</param>
    public static void WritePartial(Utf8JsonWriter writer, ReadLimit? limit, QueryOptions options)
    {
        if (limit is { } known)
            WritePartial(writer, NameOf(known), MessageOf(known, options));
    }

    static void WritePartial(Utf8JsonWriter writer, string limit, string message)
    {
        writer.WriteStartObject("partial");
        writer.WriteString("limit", limit);
        writer.WriteString("message", message);
        writer.WriteEndObject();
    }

    static void WriteExplanation(Utf8JsonWriter writer, QueryReport report)
    {
        var reads = report.Reads;
        writer.WriteStartObject("explain");
        writer.WriteStartArray("plan");
        foreach (var step in report.Plan)
            writer.WriteStringValue(step);
        writer.WriteEndArray();
        WritePair(writer, "blocks", ("read", reads.BlockCount), ("pruned", reads.PrunedBlockCount));
        WritePair(writer, "rowGroups", ("read", reads.GroupCount), ("pruned", reads.PrunedGroupCount));
        WritePair(writer, "rows", ("read", reads.RowCount), ("found", reads.FoundRowCount));
        writer.WriteNumber("bytes", reads.Bytes);
        writer.WriteNumber("traces", report.TraceCount);
        writer.WriteStartArray("stages");
        foreach (var (stage, took) in report.Stages)
        {
            writer.WriteStartObject();
            writer.WriteString("name", stage);
            writer.WriteString("durationNanos", $"{took.Ticks * 100}");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void WritePair(Utf8JsonWriter writer, string name, (string Name, long Count) first, (string Name, long Count) second)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber(first.Name, first.Count);
        writer.WriteNumber(second.Name, second.Count);
        writer.WriteEndObject();
    }

    static string NameOf(ReadLimit limit) => limit switch
    {
        ReadLimit.Time => "time",
        ReadLimit.Bytes => "bytes",
        ReadLimit.Memory => "memory",
        _ => "totalMemory",
    };

    static string MessageOf(ReadLimit limit, QueryOptions options) => limit switch
    {
        ReadLimit.Time => "The time for one query (query.timeout) was over before everything was looked at; ask for less time, or more narrowly.",
        ReadLimit.Bytes => "As much as one query may read (query.scanned_bytes_max) was read before everything was looked at; ask for less time, or more narrowly.",
        ReadLimit.Memory => $"As much memory as one query may take ({options.MemoryBound.Setting}) was taken before everything was looked at; group by less, or ask for less.",
        _ => "As much memory as all queries may take together (query.memory_bytes_total_max) was taken before everything was looked at; ask again in a moment.",
    };
}
