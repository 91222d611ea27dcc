using Clew.Model;
using Clew.Otlp;
using Clew.Otlp.Zipkin;

namespace Clew.Collector;

/// <summary>The way in: every export request passes these steps in this order, whatever port it came through.</summary>
public sealed class Pipeline(ITraceStore store, IngestBudget budget, IngestLimits limits, IngestMetrics metrics, TimeProvider time)
{
    // Real telemetry shrinks to a twelfth or more: this is enough for nearly every request at the first attempt.
    const int InflationGuess = 16;
    const int InflationBytesMin = 64 * 1024;

    public IngestBudget Budget => budget;

    public IngestLimits Limits => limits;

    public IngestMetrics Metrics => metrics;

    public TimeProvider Time => time;

    /// <summary>Where others may look on.</summary>
    public IngestTap Tap { get; } = new(metrics.DroppedTails.With("failed"));

    /// <summary>Decompresses, decodes and stores a request. When the answer says stored, the spans are durable and visible.</summary>
    /// <exception cref="OperationCanceledException">The sender has gone; whether its spans were stored is not known.</exception>
    public async ValueTask<IngestOutcome> IngestAsync(IngestRequest request, CancellationToken cancellation)
    {
        using var inflated = new PooledBuffer();
        if (TryInflate(request, inflated) is { } refused)
            return Count(refused);
        var plain = request.Coding == ContentCoding.Identity ? request.Body : inflated.WrittenMemory;
        var batch = SpanBatch.Rent();
        if (!TryRead(request, plain.Span, batch, out var report, out var error))
        {
            batch.Release();
            return Count(error!.IsNoRoom ? NoRoomFor(request.Room) : IngestOutcome.Refused(IngestStatus.Invalid, error.Message));
        }

        metrics.Decoded(request, report);
        if (request.Deadline is { } deadline && time.GetTimestamp() > deadline)
        {
            batch.Release();
            return Count(IngestOutcome.Refused(IngestStatus.Late, "The deadline passed before the spans were stored."));
        }

        var outcome = batch.SpanCount == 0 ? AnswerEmpty(batch, report) : await AppendAsync(batch, report, cancellation);
        if (outcome.Status == IngestStatus.Stored)
            metrics.Stored(report);
        return Count(outcome);
    }

    /// <summary>Counts a refusal under its reason. Receivers bring those that they decide themselves, before there is a request to ingest.</summary>
    public IngestOutcome Count(IngestOutcome outcome)
    {
        if (outcome.Status != IngestStatus.Stored)
            metrics.RefusedRequests.With(Reason(outcome.Status)).Increment();
        return outcome;
    }

    /// <summary>The answer to a request for which there is no memory left.</summary>
    public IngestOutcome NoRoom() => IngestOutcome.Deferred(
        IngestStatus.Busy,
        $"Requests in flight hold {budget.Bytes} of the {budget.BytesMax} bytes that limits.in_flight_bytes_max allows; send this one again later.",
        limits.RetryAfter);

    /// <summary>The answer to a request that could not be decoded for lack of room: later there may be enough, unless it needs more than there is.</summary>
    public IngestOutcome NoRoomFor(IngestRoom room) => room.IsBeyondBudget
        ? IngestOutcome.Refused(
            IngestStatus.TooLarge, $"Decoded, this request alone needs more than the {budget.BytesMax} bytes that limits.in_flight_bytes_max allows for all; send smaller batches.")
        : NoRoom();

    /// <summary>The answer to a request that came while the allowed number of others was at work.</summary>
    public IngestOutcome NoTurn() => IngestOutcome.Deferred(
        IngestStatus.Busy, $"{budget.RequestsMax} requests, as many as limits.concurrent_requests_max allows, are in flight; send this one again later.",
        limits.RetryAfter);

    /// <summary>The answer to a request that is, or says it is, longer than allowed.</summary>
    public IngestOutcome TooLarge(string form) => IngestOutcome.Refused(
        IngestStatus.TooLarge, $"The request's {form} exceeds the {limits.RequestBytesMax} bytes that limits.request_bytes_max allows; send smaller batches.");

    async ValueTask<IngestOutcome> AppendAsync(SpanBatch batch, ReadReport report, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        // Afterwards the batch is the store's.
        var acknowledged = Tap.Show(batch);
        try
        {
            var result = await store.AppendAsync(batch, cancellation);
            if (result.Outcome == AppendOutcome.Stored)
                acknowledged?.Invoke();
            metrics.AppendSeconds.Observe(time.GetElapsedTime(began).TotalSeconds);
            return Answer(result, report);
        }
        catch (IOException failure)
        {
            // A sender that repeats it may make copies, which are told apart; one that gives up makes a gap.
            return IngestOutcome.Deferred(IngestStatus.Failed, $"The disk failed, this request is not acknowledged: {failure.Message}", limits.RetryAfter);
        }
    }

    static IngestOutcome AnswerEmpty(SpanBatch batch, in ReadReport report)
    {
        batch.Release();
        return Answer(AppendResult.Stored, report);
    }

    static IngestOutcome Answer(AppendResult result, in ReadReport report) => result.Outcome switch
    {
        AppendOutcome.Stored when report.RejectedSpanCount == 0 => new IngestOutcome(IngestStatus.Stored, 0, Warning(report), null) { StoredSpanCount = report.SpanCount },
        AppendOutcome.Stored => new IngestOutcome(IngestStatus.Stored, report.RejectedSpanCount, Rejection(report), null) { StoredSpanCount = report.SpanCount },
        AppendOutcome.Full => IngestOutcome.Deferred(IngestStatus.Full, result.Reason, result.RetryAfter),
        AppendOutcome.TooLarge => IngestOutcome.Refused(IngestStatus.TooLarge, result.Reason),
        AppendOutcome.Closing => IngestOutcome.Deferred(IngestStatus.Closing, result.Reason, result.RetryAfter),
        _ => IngestOutcome.Deferred(IngestStatus.Overloaded, result.Reason, result.RetryAfter),
    };

    // Unknown keys are legal, but a request that has nothing else was meant to say something.
    static string Warning(in ReadReport report) => report.UnknownKey is { Length: > 0 } key
        ? $"The request has no spans: its key '{key}' is not one of OTLP/JSON, which expects 'resourceSpans' (all keys in lowerCamelCase)."
        : "";

    static string Rejection(in ReadReport report)
    {
        var total = report.SpanCount + report.RejectedSpanCount;
        var rest = report.SpanCount == 0 ? "nothing" : "the rest";
        return $"{report.RejectedSpanCount} of {total} spans were rejected, {rest} is stored. The first: {report.FirstRejection}";
    }

    // How much a body becomes is not known before. Room is taken for a guess, and for eight times as much when that was not enough.
    IngestOutcome? TryInflate(IngestRequest request, PooledBuffer inflated)
    {
        if (request.Coding == ContentCoding.Identity)
            return null;
        var bound = Math.Min(limits.RequestBytesMax, Math.Max(InflationBytesMin, (long)InflationGuess * request.Body.Length));
        while (true)
        {
            if (!request.Room.TryTake(bound))
                return NoRoom();
            var outcome = Decompression.TryDecompress(request.Coding, request.Body.Span, bound, inflated);
            request.Room.Give(outcome == DecompressionOutcome.Done ? bound - inflated.Count : bound);
            if (outcome == DecompressionOutcome.Done)
                return null;
            if (outcome == DecompressionOutcome.Corrupt)
                return IngestOutcome.Refused(IngestStatus.Invalid, $"The body is not valid {Name(request.Coding)}, or ends early.");
            if (outcome == DecompressionOutcome.Unsupported)
                return IngestOutcome.Refused(IngestStatus.UnsupportedCoding, $"{Name(request.Coding)} is not available on this server; use gzip or none.");
            if (bound == limits.RequestBytesMax)
                return TooLarge("decompressed body");
            bound = Math.Min(limits.RequestBytesMax, bound * 8);
            inflated.Dispose();
        }
    }

    bool TryRead(IngestRequest request, ReadOnlySpan<byte> plain, SpanBatch batch, out ReadReport report, out OtlpError? error)
    {
        // All encodings are taken to spell an empty request: no bytes.
        if (plain.IsEmpty)
        {
            (report, error) = (new ReadReport(0, 0, 0, 0, 0, ""), null);
            return true;
        }

        return (request.Model, request.Encoding) switch
        {
            (WireModel.Zipkin, WireEncoding.Json) => ZipkinJsonReader.TryRead(plain, limits.Decoding, Now(), request.Room, batch, out report, out error),
            (WireModel.Zipkin, _) => ZipkinProtobufReader.TryRead(plain, limits.Decoding, Now(), request.Room, batch, out report, out error),
            (_, WireEncoding.Json) => ExportRequestJsonReader.TryRead(plain, limits.Decoding, request.Room, batch, out report, out error),
            _ => ExportRequestReader.TryRead(plain, limits.Decoding, request.Room, batch, out report, out error),
        };
    }

    UnixNanos Now() => UnixNanos.From(time.GetUtcNow());

    static string Name(ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip => "gzip",
        ContentCoding.Deflate => "deflate",
        ContentCoding.Zstd => "zstd",
        _ => "identity",
    };

    static string Reason(IngestStatus status) => status switch
    {
        IngestStatus.Invalid => "invalid",
        IngestStatus.Malformed => "malformed",
        IngestStatus.TooLarge => "too_large",
        IngestStatus.UnsupportedCoding => "unsupported_coding",
        IngestStatus.Busy => "busy",
        IngestStatus.Overloaded => "store_overloaded",
        IngestStatus.Full => "disk_full",
        IngestStatus.Closing => "closing",
        IngestStatus.Failed => "disk_failed",
        _ => "late",
    };
}
