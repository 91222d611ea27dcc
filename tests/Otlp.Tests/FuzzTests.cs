using System.Diagnostics;
using System.Text;
using Clew.Model;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace Clew.Otlp.Tests;

/// <summary>Valid requests, damaged. CLEW_FUZZ_MUTATIONS sets how many (100,000), CLEW_FUZZ_SEED repeats a run.</summary>
public sealed class FuzzTests
{
    // Limits are ours. Google's C# parser cuts tags and lengths to 32 bits where its Go parser, like ours, refuses them.
    static readonly string[] StricterThanGoogle = ["the limit", "a field number is larger than", "a length of more than 4 GiB"];
    static readonly TimeSpan TimePerInputMax = TimeSpan.FromSeconds(2);

    [Fact]
    public void Damaged_protobuf_is_read_or_refused_within_bounds() => Run(share: 60, (random, seeds) =>
    {
        var input = Mutation.Of(random, seeds[random.Next(seeds.Length)], seeds[random.Next(seeds.Length)]);
        var batch = Read(input, ExportRequestReader.TryRead, out var error);
        if (batch is not null)
            EncodesStably(batch);
        else if (!StricterThanGoogle.Any(error!.Problem.Contains))
            Assert.True(GoogleRefuses(input), $"Google.Protobuf reads what was refused: {error.Message} {Convert.ToHexString(input)}");
        return batch is not null;
    });

    [Fact]
    public void Damaged_JSON_is_read_or_refused_within_bounds() => Run(share: 30, (random, seeds) =>
    {
        var input = Mutation.Of(random, JsonOf(seeds[random.Next(seeds.Length)]), "\"\\{}[]:,0"u8.ToArray());
        var batch = Read(input, ExportRequestJsonReader.TryRead, out _);
        if (batch is not null)
            EncodesStably(batch);
        return batch is not null;
    });

    [Fact]
    public void A_damaged_compressed_body_is_inflated_and_read_or_refused_within_bounds() => Run(share: 10, (random, seeds) =>
    {
        const int BytesMax = 64 * 1024;
        var coding = (ContentCoding)random.Next((int)ContentCoding.Gzip, (int)(Decompression.IsZstdAvailable ? ContentCoding.Zstd : ContentCoding.Deflate) + 1);
        var input = Mutation.Of(random, DecompressionTests.Compressed(coding, seeds[random.Next(seeds.Length)]), []);
        using var body = new PooledBuffer();
        if (Decompression.TryDecompress(coding, input, BytesMax, body) != DecompressionOutcome.Done)
            return false;
        Assert.InRange(body.Count, 0, BytesMax);
        var batch = Read(body.WrittenSpan.ToArray(), ExportRequestReader.TryRead, out _);
        if (batch is not null)
            EncodesStably(batch);
        return batch is not null;
    });

    delegate bool TryRead(ReadOnlySpan<byte> request, OtlpLimits limits, SpanBatch batch, out ReadReport report, out OtlpError? error);

    static SpanBatch? Read(byte[] input, TryRead tryRead, out OtlpError? error)
    {
        var bound = OtlpLimits.AllocatedBytesBase + ((long)OtlpLimits.Default.AllocatedBytesPerRequestByteMax * input.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var batch = new SpanBatch();
        var read = tryRead(input, OtlpLimits.Default, batch, out var report, out error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bound);
        Assert.Equal(read, error is null);
        if (error is not null)
            Assert.InRange(error.Offset, 0, input.Length);
        else
            Assert.Equal(report.SpanCount, batch.SpanCount);
        return read ? batch : null;
    }

    static void EncodesStably(SpanBatch batch)
    {
        var encoded = Codec.Protobuf(batch);
        var (again, report) = Codec.FromProtobuf(encoded);
        Assert.Equal(0, report.RejectedSpanCount + report.RepairedStringCount);
        Assert.True(encoded.AsSpan().SequenceEqual(Codec.Protobuf(again)), "Encoding what was encoded gives other bytes.");
        Assert.Equal(Encoding.UTF8.GetString(Codec.Json(batch)), Encoding.UTF8.GetString(Codec.Json(Codec.FromJson(Codec.Json(batch)).Batch)));
    }

    static void Run(int share, Func<Random, byte[][], bool> readMutation)
    {
        var seed = Seeds.Of("CLEW_FUZZ_SEED");
        var count = Seeds.Count("CLEW_FUZZ_MUTATIONS", 100_000) * share / 100;
        var seeds = Enumerable.Range(0, 200).Select(at => new RequestGenerator(new Random(seed + at)).Request()).Where(request => request.Length is > 0 and < 3_000).ToArray();
        var readCount = 0;
        for (var mutation = 0; mutation < count; mutation++)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                readCount += readMutation(new Random(unchecked(seed + (mutation * 7919))), seeds) ? 1 : 0;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"CLEW_FUZZ_SEED={seed}, mutation {mutation}: {failure.Message}", failure);
            }

            var took = Stopwatch.GetElapsedTime(started);
            Assert.True(took < TimePerInputMax, $"CLEW_FUZZ_SEED={seed}, mutation {mutation} took {took}.");
        }

        // Damage that is never survived, or never noticed, would test nothing.
        if (count >= 1_000)
            Assert.InRange(readCount, count / 500, count * 49 / 50);
    }

    // Huge lengths make version 3.25 trip over its own buffer, which is a refusal as well.
    static bool GoogleRefuses(byte[] input)
    {
        try
        {
            ExportTraceServiceRequest.Parser.ParseFrom(input);
            return false;
        }
        catch (Exception refusal) when (refusal is InvalidProtocolBufferException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return true;
        }
    }

    static byte[] JsonOf(byte[] request) => Codec.Json(Codec.FromProtobuf(request).Batch);
}
