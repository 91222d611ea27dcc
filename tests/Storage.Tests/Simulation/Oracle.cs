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

    /// <summary>Whether the store has named a file as damaged.</summary>
    public Func<string, bool> IsNamed { get; init; } = _ => false;

    /// <summary>The batches that are there, without what is gone of them.</summary>
    public IEnumerable<SpanBatch> Stored => _sent.Values.Where(sent => sent.Fate == Fate.Stored).Select(sent => sent.Present());

    /// <summary>Of <see cref="Stored"/>, what no damage can have touched.</summary>
    public IEnumerable<SpanBatch> Certain => _sent.Values.Where(sent => sent.Fate == Fate.Stored).Select(sent => sent.Certain());

    /// <summary>Spans that may be lost to damage, whether or not they are.</summary>
    public int ExposedCount => _sent.Values.Sum(sent => sent.ExposedCount);

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

    /// <summary>Compares with everything the store has. Of what nobody had an answer to before a restart, it is known from then on whether it is there.</summary>
    public void Check(IEnumerable<(SpanBatch Batch, int Row)> found, string context)
    {
        var batches = Group(found, context);
        foreach (var (number, sent) in _sent)
        {
            var rows = Take(number, sent, batches, context);
            if (sent.Fate == Fate.Stored)
            {
                foreach (var row in Missing(number, sent, rows, context))
                    Miss(number, sent, row, context);
            }

            // What a recovery did not find will not turn up later.
            if (sent is { Fate: Fate.Unknown, IsAbandoned: true, ExposedCount: 0 })
                sent.Fate = Fate.Refused;
        }
    }

    // What damage has touched may be there in one answer and not in another, but only as long as the damage is named.
    void Miss(ulong number, Sent sent, int row, string context)
    {
        var mayBeGone = MayBeGone(sent, row);
        if (sent.ExposedBy(row) is { Count: > 0 } files)
        {
            if (!mayBeGone && !files.Any(IsNamed))
                Assert.Fail($"{context}: span {row} of batch {number} is lost with {string.Join(" or ", files)}, and nothing says so.");
            return;
        }

        if (!mayBeGone)
            Assert.Fail($"{context}: span {row} of batch {number} is lost.");
        sent.SetGone(row);
    }

    /// <summary>Damage has touched these spans: from now on they may be missing.</summary>
    public void Expose(IEnumerable<(SpanBatch Batch, int Row)> spans, string file)
    {
        foreach (var (batch, row) in spans)
        {
            var (number, sentRow) = Identify(batch, row);
            _sent[number].Expose(sentRow, file);
        }
    }

    /// <summary>What is gone may have come back, with files that were to be deleted: who said so is lost.</summary>
    public void ForgetGone()
    {
        foreach (var sent in _sent.Values)
            sent.ForgetGone();
    }

    /// <summary>Compares with what the store can reach at the moment.</summary>
    /// <returns>How many spans are missing, be it that they are gone.</returns>
    public int CheckPart(IEnumerable<(SpanBatch Batch, int Row)> found, string context)
    {
        var batches = Group(found, context);
        var missing = 0;
        foreach (var (number, sent) in _sent)
        {
            var rows = Take(number, sent, batches, context);
            if (sent.Fate == Fate.Stored)
                missing += Missing(number, sent, rows, context).Count();
        }

        return missing;
    }

    static HashSet<int> Take(ulong number, Sent sent, Dictionary<ulong, HashSet<int>> found, string context)
    {
        var rows = found.GetValueOrDefault(number) ?? [];
        if (rows.Count > 0)
        {
            if (sent.Fate == Fate.Refused)
                Assert.Fail($"{context}: batch {number} was refused and is there.");
            if (sent is { Fate: Fate.Unknown, IsAbandoned: false })
                Assert.Fail($"{context}: batch {number} is there before it was acknowledged.");
            sent.Fate = Fate.Stored;
        }

        return rows;
    }

    /// <summary>The rows that were not found, without those that are known to be gone.</summary>
    static IEnumerable<int> Missing(ulong number, Sent sent, HashSet<int> found, string context)
    {
        for (var row = 0; row < sent.Batch.SpanCount; row++)
        {
            if (!found.Contains(row))
            {
                if (!sent.IsGone(row))
                    yield return row;
            }
            else if (sent.IsGone(row))
            {
                Assert.Fail($"{context}: span {row} of batch {number} was gone and is back.");
            }
        }
    }

    /// <summary>The spans found, by batch: each at most once, and as it was sent.</summary>
    public Dictionary<ulong, HashSet<int>> Group(IEnumerable<(SpanBatch Batch, int Row)> found, string context)
    {
        var batches = new Dictionary<ulong, HashSet<int>>();
        foreach (var (batch, row) in found)
        {
            var id = batch.Spans.SpanIds[row].Value;
            var (number, sentRow) = Identify(batch, row);
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

    static (ulong Number, int Row) Identify(SpanBatch batch, int row)
    {
        var id = batch.Spans.SpanIds[row].Value;
        return (id >> RowBits, (int)(id & ((1 << RowBits) - 1)) - 1);
    }

    internal sealed class Sent(SpanBatch batch, DateTimeOffset at)
    {
        readonly Dictionary<int, List<string>> _exposed = [];
        BitArray? _gone;
        SpanBatch? _present, _certain;

        public SpanBatch Batch => batch;

        public DateTimeOffset At => at;

        public Fate Fate { get; set; }

        public Task<AppendResult>? Answer { get; set; }

        /// <summary>Who sent it has lost the connection, and will never know.</summary>
        public bool IsAbandoned => Answer is null;

        public int GoneCount { get; private set; }

        public int ExposedCount => _exposed.Count;

        public bool IsGone(int row) => _gone is not null && _gone[row];

        public void SetGone(int row)
        {
            _gone ??= new BitArray(batch.SpanCount);
            if (_gone[row])
                return;
            _gone[row] = true;
            _present = _certain = null;
            GoneCount++;
        }

        public void ForgetGone()
        {
            _gone = null;
            _present = _certain = null;
            GoneCount = 0;
        }

        /// <summary>The damaged files that may have cost a span, as it was written again and again.</summary>
        public IReadOnlyList<string> ExposedBy(int row) => _exposed.GetValueOrDefault(row) ?? [];

        public void Expose(int row, string file)
        {
            if (!_exposed.TryGetValue(row, out var files))
                _exposed.Add(row, files = []);
            files.Add(file);
            _certain = null;
        }

        public SpanBatch Present() => GoneCount == 0 ? batch : _present ??= CopyWithout(IsGone);

        public SpanBatch Certain() => ExposedCount == 0 ? Present() : _certain ??= CopyWithout(row => IsGone(row) || _exposed.ContainsKey(row));

        SpanBatch CopyWithout(Predicate<int> isOut)
        {
            var copier = new SpanCopier(new SpanBatch());
            for (var row = 0; row < batch.SpanCount; row++)
            {
                if (!isOut(row))
                    copier.Copy(batch, row);
            }

            return copier.Target;
        }
    }
}
