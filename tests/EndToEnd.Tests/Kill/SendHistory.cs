using System.Collections.Concurrent;
using Clew.EndToEnd.Tests.Processes;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests.Kill;

/// <summary>What clients were told about each batch they sent, over all lives of the server, and the check that it was true.</summary>
internal sealed class SendHistory(BatchRecipe recipe)
{
    const int ReaderCount = 4;
    readonly ConcurrentDictionary<int, SendResult> _results = new();
    int _nextBatch;
    int _acknowledgedCount;

    /// <summary>Batches whose sender got the answer that they are stored.</summary>
    public int AcknowledgedCount => Volatile.Read(ref _acknowledgedCount);

    /// <summary>The numbers of those batches, as of now.</summary>
    public IReadOnlyList<int> Acknowledged => [.. _results.Where(result => result.Value.Outcome == SendOutcome.Acknowledged).Select(result => result.Key)];

    public int SentCount => _results.Count;

    /// <summary>The number that the next batch will have.</summary>
    public int NextBatch => Volatile.Read(ref _nextBatch);

    /// <summary>Sends batch after batch until the receiver no longer answers.</summary>
    public async Task SendUntilSilenceAsync(OtlpSender sender)
    {
        SendResult result;
        do
        {
            var batch = Interlocked.Increment(ref _nextBatch) - 1;
            result = await sender.SendAsync(recipe.Make(batch));
            _results[batch] = result;
            if (result.Outcome == SendOutcome.Acknowledged)
                Interlocked.Increment(ref _acknowledgedCount);
        }
        while (result.Outcome != SendOutcome.Unanswered);
    }

    /// <summary>Checks that the server tells of the batches what clients were told. Answers how many spans of them it has.</summary>
    public async Task<int> VerifyAsync(ClewProcess clew, IEnumerable<int> batches)
    {
        var asked = batches.ToHashSet();
        var stored = new ConcurrentDictionary<int, ConcurrentBag<OtlpSpan>>();
        var readers = new ParallelOptions { MaxDegreeOfParallelism = ReaderCount };
        await Parallel.ForEachAsync(asked.SelectMany(recipe.TraceIdsOf).Distinct(), readers, async (traceId, _) =>
        {
            foreach (var span in await clew.FindTraceAsync(traceId) ?? [])
                stored.GetOrAdd(BatchRecipe.BatchOf(span), _ => []).Add(span);
        });
        foreach (var batch in asked)
            Verify(batch, stored.TryGetValue(batch, out var spans) ? spans : []);
        return asked.Sum(batch => stored.TryGetValue(batch, out var spans) ? spans.Count : 0);
    }

    void Verify(int batch, ConcurrentBag<OtlpSpan> stored)
    {
        var (outcome, answer) = _results[batch];
        if (outcome == SendOutcome.Acknowledged || (outcome == SendOutcome.Unanswered && !stored.IsEmpty))
        {
            var expected = OtlpSpan.Describe(recipe.Make(batch));
            var found = OtlpSpan.Describe(stored);
            Assert.True(
                expected == found,
                $"Batch {batch} ({outcome}: {answer}) has {stored.Count} of its {BatchRecipe.SpanCount} spans, or other ones.\nExpected:\n{expected}\nFound:\n{found}");
        }
        else
        {
            Assert.True(stored.IsEmpty, $"Batch {batch} was not taken ({outcome}: {answer}), yet {stored.Count} of its spans are stored.");
        }
    }
}
