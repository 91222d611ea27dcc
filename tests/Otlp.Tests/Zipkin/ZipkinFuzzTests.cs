using System.Diagnostics;
using Clew.Model;
using Clew.Otlp.Zipkin;
using Google.Protobuf;

namespace Clew.Otlp.Tests.Zipkin;

/// <summary>Valid lists of Zipkin spans, damaged. CLEW_FUZZ_MUTATIONS sets how many (100,000), CLEW_FUZZ_SEED repeats a run.</summary>
public sealed class ZipkinFuzzTests
{
    // Limits are ours, and so is what a port can be. Google's C# parser cuts tags and lengths to 32 bits where its Go parser, like ours, refuses them.
    static readonly string[] StricterThanGoogle = ["the limit", "a field number is larger than", "a length of more than 4 GiB", "is not a port"];
    static readonly TimeSpan TimePerInputMax = TimeSpan.FromSeconds(2);

    [Fact]
    public void Damaged_protobuf_is_read_or_refused_within_bounds() => Run(share: 40, (random, lists) =>
    {
        var input = Mutation.Of(random, lists[random.Next(lists.Length)].ToByteArray(), lists[random.Next(lists.Length)].ToByteArray());
        var batch = Read(input, ZipkinProtobufReader.TryRead, out var error);
        if (batch is null && !StricterThanGoogle.Any(error!.Problem.Contains) && !IsOddityOfMaps(error))
            Assert.True(GoogleRefuses(input), $"Google.Protobuf reads what was refused: {error.Message} {Convert.ToHexString(input)}");
        return batch is not null;
    });

    [Fact]
    public void Damaged_JSON_is_read_or_refused_within_bounds() => Run(share: 40, (random, lists) =>
    {
        var json = new ZipkinGenerator(random).Json(lists[random.Next(lists.Length)]);
        return Read(Mutation.Of(random, json, "\"\\{}[]:,0"u8.ToArray()), ZipkinJsonReader.TryRead, out _) is not null;
    });

    [Fact]
    public void A_damaged_annotation_is_an_event_with_attributes_or_text() => Run(share: 20, (random, _) =>
    {
        var text = """
            "na\"m\u00e9": {"a":1,"b":[true,{"c":null},-1.5e3,"\ud83e\uddf6"],"":{}}
            """u8.ToArray();
        var input = Mutation.Of(random, text, "\"\\{}[]:,0 "u8.ToArray());
        var batch = Read(Wire.Bytes(1, [Wire.Bytes(1, [Wire.TraceIdBytes]), Wire.Bytes(3, [Wire.SpanIdBytes]), Wire.Bytes(10, [Wire.Bytes(2, [input])])]), ZipkinProtobufReader.TryRead, out var error);
        Assert.True(batch is not null, error?.Message);
        Assert.Equal(1, batch.Events.Count);
        return batch.Events.Attributes.Count > 0;
    });

    delegate bool TryRead(
        ReadOnlySpan<byte> request, OtlpLimits limits, UnixNanos arrived, IMemoryRoom? room, SpanBatch batch, out ReadReport report, out OtlpError? error);

    static SpanBatch? Read(byte[] input, TryRead tryRead, out OtlpError? error)
    {
        var bound = OtlpLimits.AllocatedBytesBase + ((long)OtlpLimits.Default.AllocatedBytesPerRequestByteMax * input.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var batch = new SpanBatch();
        var read = tryRead(input, OtlpLimits.Default, ZipkinCodec.Arrived, null, batch, out var report, out error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bound);
        Assert.Equal(read, error is null);
        if (error is not null)
        {
            Assert.InRange(error.Offset, 0, input.Length);
            return null;
        }

        // What was read is whole: it encodes as OTLP, and that decodes to the same.
        Assert.Equal(report.SpanCount, batch.SpanCount);
        var encoded = Codec.Protobuf(batch);
        Assert.Equal(batch.SpanCount, Codec.FromProtobuf(encoded).Batch.SpanCount);
        Assert.True(encoded.AsSpan().SequenceEqual(Codec.Protobuf(Codec.FromProtobuf(encoded).Batch)), "Encoding what was encoded gives other bytes.");
        return batch;
    }

    static void Run(int share, Func<Random, global::Zipkin.Proto3.ListOfSpans[], bool> readMutation)
    {
        var seed = Seeds.Of("CLEW_FUZZ_SEED");
        var count = Seeds.Count("CLEW_FUZZ_MUTATIONS", 100_000) * share / 100;
        var lists = Enumerable.Range(0, 200).Select(at => new ZipkinGenerator(new Random(seed + at)).List()).ToArray();
        var readCount = 0;
        for (var mutation = 0; mutation < count; mutation++)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                readCount += readMutation(new Random(unchecked(seed + (mutation * 7919))), lists) ? 1 : 0;
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

    // Within the entries of maps, and nowhere else, Google's C# parser passes over wire types that do not exist.
    static bool IsOddityOfMaps(OtlpError error) => error.Path.Contains("].tags[", StringComparison.Ordinal) && error.Problem.StartsWith("wire type", StringComparison.Ordinal);

    static bool GoogleRefuses(byte[] input)
    {
        try
        {
            global::Zipkin.Proto3.ListOfSpans.Parser.ParseFrom(input);
            return false;
        }
        catch (Exception refusal) when (refusal is InvalidProtocolBufferException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return true;
        }
    }
}
