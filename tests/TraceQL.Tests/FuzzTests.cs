using System.Diagnostics;
using Clew.TraceQL.Syntax;
using Xunit.Abstractions;

namespace Clew.TraceQL.Tests;

/// <summary>Queries, damaged. CLEW_FUZZ_QUERIES sets how many (50,000), CLEW_FUZZ_SEED repeats a run.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    static readonly TimeSpan TimePerQueryMax = TimeSpan.FromMilliseconds(500);

    static readonly string[] Files =
        ["valid-values.txt", "valid-expressions.txt", "valid-pipelines.txt", "valid-metrics.txt", "errors-syntax.txt", "errors-meaning.txt"];

    static readonly string[] Pieces =
    [
        "{", "}", "(", ")", "|", "||", "&&", "!", "=", "!=", "=~", "!~", ">", ">>", "!>>", "&>>", "<<", "~", "&~", "+", "-", "*", "/", "%", "^", ",", ".", ".a", "span.",
        "\"", "`", "\\", "//", "/*", "*/", "nil", "true", "error", "duration", "span:", "trace:id", "parent.", "1", "1.5", "0x", "1h", "9223372036854775807", "minInt",
        "count()", "max(", "by(", "coalesce()", "select(", "rate()", "quantile_over_time(", "topk(", "compare({", "with (", "(?i)", "[a-z]", "{1000}", "\\p{L}", "\n", "\0", "é", "\ud83d\ude00", "\ud83d",
    ];

    [Fact]
    public void A_damaged_query_is_read_or_refused_with_a_place_in_it()
    {
        var seed = Seeds.Of("CLEW_FUZZ_SEED");
        var count = Seeds.Count("CLEW_FUZZ_QUERIES", 50_000);
        var queries = Files.SelectMany(file => CaseTable.Read(file)).Select(row => CaseTable.QueryOf((string)row[0])).ToArray();
        var (readCount, compiledCount, slowest, slowestText) = (0, 0, TimeSpan.Zero, "");
        for (var at = 0; at < count; at++)
        {
            var text = Damaged(new Random(unchecked(seed + (at * 7919))), queries);
            var started = Stopwatch.GetTimestamp();
            try
            {
                readCount += IsRead(text) ? 1 : 0;
                compiledCount += IsCompiled(text, withShape: at % 16 == 0) ? 1 : 0;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"CLEW_FUZZ_SEED={seed}, query {at}: {failure.Message} in {text}", failure);
            }

            var took = Unhindered(Stopwatch.GetElapsedTime(started), text);
            Assert.True(took < TimePerQueryMax, $"CLEW_FUZZ_SEED={seed}, query {at} took {took}: {text}");
            if (took > slowest && at > 100)
                (slowest, slowestText) = (took, text);
        }

        output.WriteLine($"CLEW_FUZZ_SEED={seed}: {count} queries, {readCount} read, {compiledCount} compiled; the slowest took {slowest.TotalMilliseconds:0.0} ms: {slowestText}");
        // Damage that is never survived, or never noticed, would test nothing.
        if (count >= 1_000)
            Assert.InRange(compiledCount, count / 100, count * 9 / 10);
    }

    /// <summary>A slow answer is asked for again: what the machine did meanwhile is not the query's fault.</summary>
    static TimeSpan Unhindered(TimeSpan took, string text)
    {
        for (var again = 0; again < 5 && took > TimeSpan.FromMilliseconds(10); again++)
        {
            var started = Stopwatch.GetTimestamp();
            _ = TraceQLQuery.TryCompile(text, out _, out _);
            var once = Stopwatch.GetElapsedTime(started);
            took = once < took ? once : took;
        }

        return took;
    }

    static bool IsRead(string text)
    {
        if (QueryParser.TryParse(text, out var query, out var error))
        {
            Assert.True(QueryParser.TryParse(query.ToString(), out var again, out error), $"the canonical text {query} is refused: {error}");
            Assert.Equal(query.ToString(), again.ToString());
            return true;
        }

        Assert.True(error.IsSyntax);
        Assert.NotEmpty(error.Message);
        var lines = text.Split('\n');
        Assert.InRange(error.At.Line, 1, lines.Length);
        Assert.InRange(error.At.Column, 1, lines[error.At.Line - 1].Length + 1);
        return false;
    }

    static bool IsCompiled(string text, bool withShape)
    {
        if (!TraceQLQuery.TryCompile(text, out var query, out var error))
        {
            Assert.InRange(error.Message.Length, 1, 500);
            return false;
        }

        if (withShape && QueryParser.TryParse(query.ToString(), out var again, out _))
            Assert.Equal(Shape.Of(query), Shape.Of(again));
        return true;
    }

    static string Damaged(Random random, string[] queries)
    {
        var text = queries[random.Next(queries.Length)];
        for (var count = 1 + (random.Next(4) / 2); count > 0; count--)
        {
            var at = random.Next(text.Length + 1);
            var length = Math.Min(random.Next(1, 12), text.Length - at);
            var other = queries[random.Next(queries.Length)];
            text = random.Next(7) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
                2 => text.Insert(at, text.Substring(at, length)),
                3 => text[..at] + other[random.Next(other.Length + 1)..],
                4 => text.Remove(at, length).Insert(at, Pieces[random.Next(Pieces.Length)]),
                5 => text.Insert(at, ((char)random.Next(1, random.Next(2) == 0 ? 128 : 0x10000)).ToString()),
                _ => text.Insert(at, string.Concat(Enumerable.Repeat(Pieces[random.Next(Pieces.Length)], random.Next(1, random.Next(2, 30))))),
            };
        }

        return text;
    }
}
