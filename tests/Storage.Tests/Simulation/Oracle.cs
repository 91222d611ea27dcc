using System.Collections;
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

        /// <summary>Acknowledged, or seen after a recovery: there, from now on, until it expires by the rules.</summary>
        Stored,

        /// <summary>Refused: not there, ever.</summary>
        Refused,
    }

    /// <summary>Whether the rules allow that a span that was sent at a time is gone. Nothing may go by default.</summary>
    public Func<Sent, int, bool> MayBeGone { get; init; } = (_, _) => false;

    /// <summary>The batches that are there, without what is gone of them.</summary>
    public IEnumerable<SpanBatch> Stored => _sent.Values.Where(sent => sent.Fate == Fate.Stored).Select(sent => sent.Present());

    /// <summary>Spans that were there and have expired or were dropped.</summary>
    public long GoneCount => _sent.Values.Where(sent => sent.Fate == Fate.Stored).Sum(sent => (long)sent.GoneCount);

    public int InFlightCount => _sent.Values.Count(sent => sent.Answer is { IsCompleted: false });

    /// <summary>Gives a batch its span ids.</summary>
    public Sent Add(SpanBatch batch, DateTimeOffset now = default)
    {
        var number = (ulong)_sent.Count + 1;
        var row = 0UL;
        foreach (ref var id in batch.Spans.SpanIds.Writable)
            id = new SpanId((number << RowBits) | ++row);
        var sent = new Sent(batch, now);
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
        var batches = Group(found, context);
        foreach (var (number, sent) in _sent)
        {
            var rows = batches.GetValueOrDefault(number) ?? [];
            if (rows.Count > 0)
            {
                if (sent.Fate == Fate.Refused)
                    Assert.Fail($"{context}: batch {number} was refused and is there.");
                if (sent.Fate == Fate.Unknown && !hasRecovered)
                    Assert.Fail($"{context}: batch {number} is there before it was acknowledged.");
                sent.Fate = Fate.Stored;
            }

            if (sent.Fate == Fate.Stored)
                CheckRows(number, sent, rows, context);
            // What a recovery did not find will not turn up later.
            if (hasRecovered && sent.Fate == Fate.Unknown)
                sent.Fate = Fate.Refused;
        }
    }

    void CheckRows(ulong number, Sent sent, HashSet<int> found, string context)
    {
        for (var row = 0; row < sent.Batch.SpanCount; row++)
        {
            if (found.Contains(row))
            {
                if (sent.IsGone(row))
                    Assert.Fail($"{context}: span {row} of batch {number} was gone and is back.");
                continue;
            }

            if (!sent.IsGone(row) && !MayBeGone(sent, row))
                Assert.Fail($"{context}: span {row} of batch {number} is lost.");
            sent.SetGone(row);
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
            // A text for each span that is as it should be would take longer than comparing it.
            if (!_sent.TryGetValue(number, out var sent) || sentRow >= sent.Batch.SpanCount)
                Assert.Fail($"{context}: a span {id:x} that nobody sent.");
            if (!BatchEquality.SameSpan(batch, row, sent.Batch, sentRow))
                Assert.Fail($"{context}: span {id:x} is not what was sent.");
            if (!batches.TryGetValue(number, out var rows))
                batches.Add(number, rows = []);
            if (!rows.Add(sentRow))
                Assert.Fail($"{context}: span {id:x} is there twice.");
        }

        return batches;
    }

    internal sealed class Sent(SpanBatch batch, DateTimeOffset at)
    {
        BitArray? _gone;
        SpanBatch? _present;

        public SpanBatch Batch => batch;

        public DateTimeOffset At => at;

        public Fate Fate { get; set; }

        public Task<AppendResult>? Answer { get; set; }

        public int GoneCount { get; private set; }

        public bool IsGone(int row) => _gone is not null && _gone[row];

        public void SetGone(int row)
        {
            _gone ??= new BitArray(batch.SpanCount);
            if (_gone[row])
                return;
            _gone[row] = true;
            _present = null;
            GoneCount++;
        }

        public SpanBatch Present()
        {
            if (GoneCount == 0)
                return batch;
            if (_present is not null)
                return _present;
            var copier = new SpanCopier(new SpanBatch());
            for (var row = 0; row < batch.SpanCount; row++)
            {
                if (!IsGone(row))
                    copier.Copy(batch, row);
            }

            return _present = copier.Target;
        }
    }
}
