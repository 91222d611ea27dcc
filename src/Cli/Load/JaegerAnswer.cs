using System.Text.Json;

namespace Clew.Cli.Load;

/// <param name="Json">Null when nothing was found, and when there was a problem.</param>
/// <param name="Problem">Why there is no answer; empty when there is one, be it that nothing was found.</param>
internal sealed record JaegerAnswer(JsonElement? Json, TimeSpan Latency, int Bytes, string Problem)
{
    /// <summary>The traces in it, by their ids as 32 digits, and the distinct span ids of each.</summary>
    public IEnumerable<(string TraceId, int SpanCount)> Traces()
    {
        if (Json is not { ValueKind: JsonValueKind.Object } json || !json.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var trace in data.EnumerateArray())
        {
            var spans = trace.GetProperty("spans").EnumerateArray().Select(span => span.GetProperty("spanID").GetString()).Distinct(StringComparer.Ordinal).Count();
            yield return (trace.GetProperty("traceID").GetString()!.PadLeft(32, '0'), spans);
        }
    }
}
