using Clew.Model;
using Clew.Server.Jaeger.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jaeger.Proto.V3;

namespace Clew.Server.Tests;

/// <summary>The requests of the query service against Google's reader.</summary>
public sealed class QueryRequestsTests
{
    const int Rounds = 20_000;

    [Fact]
    public void A_mutated_request_is_read_as_Google_reads_it_or_refused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var accepted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Mutated(Request(random).ToByteArray(), random);
            if (QueryRequests.ReadFind(bytes, 1_500, out var query) is not null)
                continue;
            accepted++;
            var expected = FindTracesRequest.Parser.ParseFrom(bytes).Query;
            var search = query.Search;
            Assert.True(
                (search.Service, search.Operation, query.IsRaw) == (expected.ServiceName, expected.OperationName, expected.RawTraces)
                && search.Starts == new TimeRange(Nanos(expected.StartTimeMin), Nanos(expected.StartTimeMax))
                && search.TraceCountMax == (expected.SearchDepth == 0 ? 100 : expected.SearchDepth)
                && search.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)
                    .SequenceEqual(expected.Attributes.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => (tag.Key, tag.Value))),
                $"seed {seed}, round {round}: {Convert.ToHexString(bytes)}");
        }

        Assert.True(accepted > Rounds / 10, $"seed {seed}: only {accepted} requests were read at all.");
    }

    static FindTracesRequest Request(Random random) => new()
    {
        Query = new TraceQueryParameters
        {
            ServiceName = random.Next(2) == 0 ? "" : "shop",
            OperationName = random.Next(2) == 0 ? "" : "GET /ü",
            Attributes = { ["error"] = "true", ["n"] = $"{random.Next(100)}" },
            StartTimeMin = new Timestamp { Seconds = random.Next(), Nanos = random.Next(1_000_000_000) },
            StartTimeMax = new Timestamp { Seconds = int.MaxValue + (long)random.Next() },
            DurationMin = random.Next(2) == 0 ? null : new Duration { Seconds = random.Next(100), Nanos = 5 },
            SearchDepth = random.Next(1_500),
            RawTraces = random.Next(2) == 0,
        },
    };

    // Changes no byte in a third of the rounds, up to three bytes or the length in the others; text stays ASCII so that only the structure is at stake.
    static byte[] Mutated(byte[] bytes, Random random)
    {
        for (var change = random.Next(3) == 0 ? 0 : random.Next(1, 4); change > 0; change--)
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(7));
        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    static UnixNanos Nanos(Timestamp time) => time.Seconds < 0 ? UnixNanos.MinValue
        : (ulong)time.Seconds >= ulong.MaxValue / 1_000_000_000 ? UnixNanos.MaxValue
        : new UnixNanos((ulong)time.Seconds * 1_000_000_000).Plus((ulong)time.Nanos);
}
