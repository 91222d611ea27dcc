namespace Clew.Cli.Load.Corpus;

/// <summary>Some thousand distinct traces as the requests that their services export: the spans of a trace lie in several requests, among those of others.</summary>
/// <remarks>
/// The corpus has a time line of its own on which requests arrive at random and spans last as long as they do. One passage is a round; the next begins
/// <see cref="PeriodNanos"/> later, while the longest traces of the one before are still being exported.
/// </remarks>
internal sealed class TraceCorpus
{
    const long NanosPerSecond = 1_000_000_000;

    TraceCorpus(RequestTemplate[] requests, TraceRecipe[] traces, long periodNanos)
    {
        (Requests, Traces, PeriodNanos) = (requests, traces, periodNanos);
        SpanCount = requests.Sum(request => (long)request.SpanCount);
        MessageBytes = requests.Sum(request => (long)request.MessageBytes);
        FrameBytesMax = requests.Max(request => request.FrameBytes);
        LastExportNanos = requests.Max(request => request.ExportNanos);
    }

    /// <summary>In the order in which they are exported.</summary>
    public RequestTemplate[] Requests { get; }

    public TraceRecipe[] Traces { get; }

    public long PeriodNanos { get; }

    /// <summary>No span of the corpus ends later.</summary>
    public long LastExportNanos { get; }

    public long SpanCount { get; }

    /// <summary>Bytes of all requests.</summary>
    public long MessageBytes { get; }

    public int FrameBytesMax { get; }

    /// <param name="traceCount">At least 1; linked traces are not torn apart, so there may be one more.</param>
    /// <param name="spansPerSecond">On the corpus' own time line.</param>
    public static TraceCorpus Build(ulong seed, int traceCount, WorkloadMix mix, double spansPerSecond)
    {
        var random = new SeededRandom(seed);
        var encoder = new SpanEncoder();
        var queues = new Dictionary<ServiceInstance, List<EncodedSpan>>();
        var traces = new List<TraceRecipe>();
        var (spanCount, startNanos) = (0L, 0.0);
        while (traces.Count < traceCount)
        {
            var before = spanCount;
            foreach (var trace in mix.Draw(random, (long)startNanos))
            {
                Encode(trace, traces.Count, encoder, queues);
                traces.Add(RecipeOf(trace));
                spanCount += trace.Spans.Count;
            }

            // Arrivals by chance (Poisson), at such a mean that the spans keep to their rate.
            startNanos += -Math.Log(1 - random.NextDouble()) * (spanCount - before) * NanosPerSecond / spansPerSecond;
        }

        return Assemble(encoder, queues, traces, Math.Max(1, (long)(spanCount * NanosPerSecond / spansPerSecond)));
    }

    static void Encode(TraceDraft trace, int traceIndex, SpanEncoder encoder, Dictionary<ServiceInstance, List<EncodedSpan>> queues)
    {
        foreach (var span in trace.Spans)
        {
            var message = encoder.Encode(span).ToArray();
            if (!queues.TryGetValue(span.Service, out var queue))
                queues.Add(span.Service, queue = []);
            queue.Add(new EncodedSpan(message, [.. encoder.Slots], span.EndNanos, traceIndex));
        }
    }

    static TraceCorpus Assemble(SpanEncoder encoder, Dictionary<ServiceInstance, List<EncodedSpan>> queues, List<TraceRecipe> traces, long periodNanos)
    {
        var built = new List<(RequestTemplate Request, int[] Traces)>();
        foreach (var (service, queue) in queues)
        {
            queue.Sort((left, right) => left.EndNanos.CompareTo(right.EndNanos));
            foreach (var (range, exportNanos) in BatchQueue.Cut(queue))
            {
                var spans = queue[range];
                built.Add((EncodeRequest(encoder, service, spans, exportNanos), [.. spans.Select(span => span.TraceIndex).Distinct()]));
            }
        }

        built.Sort((left, right) => left.Request.ExportNanos.CompareTo(right.Request.ExportNanos));
        var requestsOf = traces.ConvertAll(_ => new List<int>());
        for (var index = 0; index < built.Count; index++)
        {
            foreach (var trace in built[index].Traces)
                requestsOf[trace].Add(index);
        }

        return new TraceCorpus(
            [.. built.Select(each => each.Request)], [.. traces.Select((trace, index) => trace with { RequestIndexes = [.. requestsOf[index]] })], periodNanos);
    }

    // ExportTraceServiceRequest { resource_spans = 1 { resource = 1, scope_spans = 2 { scope = 1, spans = 2 } } }.
    static RequestTemplate EncodeRequest(SpanEncoder encoder, ServiceInstance service, List<EncodedSpan> spans, long exportNanos)
    {
        var (scopeSpans, resourceSpans, request) = (new WireWriter(), new WireWriter(), new WireWriter());
        var slots = new List<PatchSlot>();
        scopeSpans.Bytes(1, encoder.EncodeScope(service));
        foreach (var span in spans)
        {
            var spanAt = scopeSpans.Bytes(2, span.Message);
            slots.AddRange(span.Slots.Select(slot => slot.At(spanAt)));
        }

        resourceSpans.Bytes(1, encoder.EncodeResource(service));
        var scopeSpansAt = resourceSpans.Bytes(2, scopeSpans.Written);
        var resourceSpansAt = request.Bytes(1, resourceSpans.Written);
        return new RequestTemplate(request.Written, slots.ConvertAll(slot => slot.At(resourceSpansAt + scopeSpansAt)), spans.Count, exportNanos);
    }

    static TraceRecipe RecipeOf(TraceDraft draft) => new(
        draft.Id, draft.Spans.Count, draft.Root.Service.Service, draft.Root.Name, draft.Unique, draft.Root.IsError, draft.Root.StartNanos,
        draft.Root.EndNanos - draft.Root.StartNanos, []);
}
