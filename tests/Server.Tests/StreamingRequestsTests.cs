using Clew.Server.Tempo;
using Clew.Server.Tempo.Streaming;
using Google.Protobuf;
using Tempo.Proto;

namespace Clew.Server.Tests;

/// <summary>The requests of the streaming querier against Google's reader.</summary>
public sealed class StreamingRequestsTests
{
    const int Rounds = 20_000;

    [Fact]
    public void A_mutated_search_is_read_as_Google_reads_it_or_refused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var accepted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Mutated(Search(random).ToByteArray(), random);
            if (StreamingRequests.ReadSearch(bytes, out var question) is not null)
                continue;
            accepted++;
            var expected = SearchRequest.Parser.ParseFrom(bytes);
            Assert.True(
                question.Text == expected.Query.Trim() && question.Range == TempoParameters.RangeOf(expected.Start, expected.End)
                && question.DurationNanosMin == expected.MinDurationMs * 1_000_000UL
                && question.DurationNanosMax == (expected.MaxDurationMs == 0 ? ulong.MaxValue : expected.MaxDurationMs * 1_000_000UL)
                && question.TraceCountMax == (expected.Limit == 0 ? 20 : Math.Min(expected.Limit, int.MaxValue)) && question.SpansPerSpanset == Math.Min(expected.SpansPerSpanSet, int.MaxValue)
                && question.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).SequenceEqual(expected.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => (tag.Key, tag.Value))),
                $"seed {seed}, round {round}: {Convert.ToHexString(bytes)}");
        }

        Assert.True(accepted > Rounds / 10, $"seed {seed}: only {accepted} requests were read at all.");
    }

    [Fact]
    public void Other_mutated_requests_are_read_as_Google_reads_them_or_refused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var range = Mutated(
                new QueryRangeRequest { Query = "{ } | rate()", Start = (ulong)random.NextInt64(), End = (ulong)random.NextInt64(), Step = (ulong)random.NextInt64(), Exemplars = (uint)random.Next(200), MaxSeries = 5, Instant = true }
                    .ToByteArray(), random);
            if (StreamingRequests.ReadQuery(range, isInstant: false, out var series) is null && QueryRangeRequest.Parser.ParseFrom(range) is var query)
            {
                Assert.True(
                    (series.Text, series.Start.Value, series.End.Value, series.StepNanos, (uint)series.Exemplars, (uint)series.Series, series.IsInstant)
                    == (query.Query, query.Start, query.End, query.Step, Math.Min(query.Exemplars, int.MaxValue), Math.Min(query.MaxSeries, int.MaxValue), query.Instant),
                    $"seed {seed}, round {round}: {Convert.ToHexString(range)}");
            }

            var values = Mutated(new SearchTagValuesRequest { TagName = ".a", Query = "{ }", Start = 1, End = 2, MaxTagValues = 3 }.ToByteArray(), random);
            if (StreamingRequests.ReadTagValues(values, isPlain: false, out var tag) is null && SearchTagValuesRequest.Parser.ParseFrom(values) is var asked)
                Assert.True((tag.Name, tag.Text, (uint)tag.CountMax) == (asked.TagName, asked.Query, Math.Min(asked.MaxTagValues, int.MaxValue)), $"seed {seed}, round {round}: {Convert.ToHexString(values)}");
        }
    }

    static SearchRequest Search(Random random) => new()
    {
        Query = random.Next(2) == 0 ? "" : "{ .a = 1 }",
        Tags = { ["error"] = "true", ["n"] = $"{random.Next(100)}" },
        Start = (uint)random.Next(1_000),
        End = 1_000 + (uint)random.Next(),
        MinDurationMs = (uint)random.Next(100),
        MaxDurationMs = (uint)random.Next(3),
        Limit = (uint)random.Next(2_000),
        SpansPerSpanSet = (uint)random.Next(10),
    };

    static byte[] Mutated(byte[] bytes, Random random)
    {
        for (var change = random.Next(3) == 0 ? 0 : random.Next(1, 4); change > 0; change--)
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(7));
        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
