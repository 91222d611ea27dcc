using Clew.Model;

namespace Clew.Storage.Tests.Simulation;

/// <summary>What the store must hold, kept in the plainest way. A span's id says which batch it came with, and which of its rows it is.</summary>
internal sealed class Oracle
{
    const int RowBits = 16;

    readonly Dictionary<ulong, Sent> _sent = [];

    public enum Fate
    {
        /// <summary>Not answered, or answered by a failure: there whole, or not at all, once the store was opened anew.</summary>
        Unknown,

        /// <summary>Acknowledged, or seen after a recovery: there, from now on.</summary>
        Stored,

        /// <summary>Refused: not there, ever.</summary>
        Refused,
    }

    public IEnumerable<SpanBatch> Stored => _sent.Values.Where(sent => sent.Fate == Fate.Stored).Select(sent => sent.Batch);

    public int InFlightCount => _sent.Values.Count(sent => sent.Answer is { IsCompleted: false });

    /// <summary>Gives a batch its span ids.</summary>
    public Sent Add(SpanBatch batch)
    {
        var number = (ulong)_sent.Count + 1;
        var row = 0UL;
        foreach (ref var id in batch.Spans.SpanIds.Writable)
            id = new SpanId((number << RowBits) | ++row);
        var sent = new Sent(batch);
        _sent.Add(number, sent);
        return sent;
    }

    /// <summary>Takes note of the answers that have come.</summary>
    public void Settle()
    {
        foreach (var sent in _sent.Values)
        {
            if (sent is { Fate: Fate.Unknown, Answer: { IsCompletedSuccessfully: true } answer })
                sent.Fate = answer.Result.Outcome == AppendOutcome.Stored ? Fate.Stored : Fate.Refused;
            else if (sent is { Fate: Fate.Unknown, Answer.Exception.InnerException: IOException failure } && failure.Message.Contains("is not stored", StringComparison.Ordinal))
                sent.Fate = Fate.Refused;
        }
    }

    /// <summary>The process is gone: who still waits for an answer gets none.</summary>
    public void Disconnect()
    {
        Settle();
        foreach (var sent in _sent.Values)
            sent.Answer = null;
    }

    /// <summary>Compares with everything the store has.</summary>
    /// <param name="hasRecovered">Whether the unknown may have come to light; then it is known.</param>
    public void Check(IEnumerable<(SpanBatch Batch, int Row)> found, bool hasRecovered, string context)
    {
        foreach (var batch in Group(found, context))
        {
            var sent = _sent[batch.Key];
            Assert.True(batch.Value.Count == sent.Batch.SpanCount, $"{context}: batch {batch.Key} is there by half, {batch.Value.Count} of {sent.Batch.SpanCount} spans.");
            Assert.True(sent.Fate != Fate.Refused, $"{context}: batch {batch.Key} was refused and is there.");
            Assert.True(sent.Fate == Fate.Stored || hasRecovered, $"{context}: batch {batch.Key} is there before it was acknowledged.");
            sent.Fate = Fate.Stored;
            sent.WasSeen = true;
        }

        foreach (var (number, sent) in _sent)
        {
            Assert.True(sent.Fate != Fate.Stored || sent.WasSeen, $"{context}: batch {number} is lost.");
            sent.WasSeen = false;
            // What a recovery did not find will not turn up later.
            if (hasRecovered && sent.Fate == Fate.Unknown)
                sent.Fate = Fate.Refused;
        }
    }

    /// <summary>The spans found, by batch: each at most once, and as it was sent.</summary>
    public Dictionary<ulong, HashSet<int>> Group(IEnumerable<(SpanBatch Batch, int Row)> found, string context)
    {
        var batches = new Dictionary<ulong, HashSet<int>>();
        foreach (var (batch, row) in found)
        {
            var id = batch.Spans.SpanIds[row].Value;
            var (number, sentRow) = (id >> RowBits, (int)(id & ((1 << RowBits) - 1)) - 1);
            Assert.True(_sent.TryGetValue(number, out var sent) && sentRow < sent.Batch.SpanCount, $"{context}: a span {id:x} that nobody sent.");
            Assert.True(BatchEquality.SameSpan(batch, row, sent.Batch, sentRow), $"{context}: span {id:x} is not what was sent.");
            if (!batches.TryGetValue(number, out var rows))
                batches.Add(number, rows = []);
            Assert.True(rows.Add(sentRow), $"{context}: span {id:x} is there twice.");
        }

        return batches;
    }

    internal sealed class Sent(SpanBatch batch)
    {
        public SpanBatch Batch => batch;

        public Fate Fate { get; set; }

        public Task<AppendResult>? Answer { get; set; }

        public bool WasSeen { get; set; }
    }
}
