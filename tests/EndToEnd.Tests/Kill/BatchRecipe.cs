using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Clew.EndToEnd.Tests.Wire;

namespace Clew.EndToEnd.Tests.Kill;

/// <summary>Batches that can be made again, span by span, from a seed and a number: what was sent need not be remembered to be checked.</summary>
/// <remarks>Half of a batch's spans belong to a trace of its own, half to one that it shares with its neighbours, which other senders send.</remarks>
internal sealed class BatchRecipe(int seed)
{
    public const int SpanCount = 24;
    const int NeighbourCount = 5;
    const string BatchKey = "test.batch";
    static readonly long Epoch = (DateTime.UnixEpoch.AddYears(56) - DateTime.UnixEpoch).Ticks * 100;
    static readonly OtlpScope Scope = new("clew.tests.kill", "1.0");

    public OtlpSpan[] Make(int batch)
    {
        var random = new Random(HashCode(batch));
        OtlpResource[] resources = [MakeResource(random), MakeResource(random)];
        return [.. Enumerable.Range(0, SpanCount).Select(index => Make(batch, index, random, resources[index * 2 / SpanCount]))];
    }

    static OtlpResource MakeResource(Random random) => new([new("service.name", $"service-{random.Next(6)}"), new("host.index", (long)random.Next(3))]);

    public static int BatchOf(OtlpSpan span) => (int)(long)span.Attributes.Single(attribute => attribute.Key == BatchKey).Value!;

    public IEnumerable<string> TraceIdsOf(int batch) => [OwnTraceId(batch), SharedTraceId(batch)];

    OtlpSpan Make(int batch, int index, Random random, OtlpResource resource)
    {
        var start = Epoch + batch * 1_000_000L + random.Next(1_000_000);
        var hasFailed = random.Next(10) == 0;
        return new OtlpSpan
        {
            TraceId = index % 2 == 0 ? OwnTraceId(batch) : SharedTraceId(batch),
            SpanId = Digest($"span/{batch}/{index}", 8),
            ParentSpanId = index < 2 ? "" : Digest($"span/{batch}/{index - 2}", 8),
            TraceState = random.Next(4) == 0 ? "clew=kill" : "",
            Flags = 0x101,
            Name = $"operation {random.Next(12)}",
            Kind = random.Next(1, 6),
            StartNanos = start,
            EndNanos = start + random.Next(50_000_000),
            Attributes =
            [
                new(BatchKey, (long)batch),
                new("text", new string((char)('a' + random.Next(26)), random.Next(120))),
                new("ratio", random.NextDouble()),
                new("flag", random.Next(2) == 0),
                new("list", new object?[] { (long)random.Next(), "x", null }),
                new("blob", Blob(random)),
            ],
            Events = random.Next(3) == 0 ? [new OtlpEvent(start + 1, "occurred", [new("detail", (long)index)])] : [],
            Links = random.Next(6) == 0 ? [new OtlpLink(SharedTraceId(batch), Digest($"span/{batch}/1", 8), "", 0x100, [])] : [],
            StatusCode = hasFailed ? 2 : 0,
            StatusMessage = hasFailed ? "failed" : "",
            Resource = resource,
            Scope = Scope,
        };
    }

    string OwnTraceId(int batch) => Digest($"own/{batch}", 16);

    string SharedTraceId(int batch) => Digest($"shared/{batch / NeighbourCount}", 16);

    int HashCode(int batch) => int.Parse(Digest($"content/{batch}", 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    string Digest(string text, int bytes) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{text}")).AsSpan(0, bytes));

    static byte[] Blob(Random random)
    {
        var bytes = new byte[random.Next(16)];
        random.NextBytes(bytes);
        return bytes;
    }
}
