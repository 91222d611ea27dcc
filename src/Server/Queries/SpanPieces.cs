using Clew.Model;

namespace Clew.Server.Queries;

/// <summary>A long trace as several batches, so that it can be sent as it is encoded. Each piece has the resources and scopes of its own spans.</summary>
internal static class SpanPieces
{
    /// <summary>Some hundred kilobytes of ordinary spans.</summary>
    public const int SpansDefault = 1_000;

    public static IEnumerable<SpanBatch> Of(SpanBatch spans, int spansMax = SpansDefault)
    {
        if (spans.SpanCount <= spansMax)
        {
            yield return spans;
            yield break;
        }

        for (var first = 0; first < spans.SpanCount; first += spansMax)
        {
            var copier = new SpanCopier(new SpanBatch());
            for (var row = first; row < Math.Min(first + spansMax, spans.SpanCount); row++)
                copier.Copy(spans, row);
            yield return copier.Target;
        }
    }
}
