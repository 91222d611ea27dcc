using Clew.Model;

namespace Clew.TraceQL.Benchmarks;

/// <summary>Traces drawn from a seed: a tree of spans over a few services, one span in twenty an error.</summary>
internal static class SampleTraces
{
    const int Services = 5;

    public static SpanBatch Make(int traces, int spansPerTrace)
    {
        var random = new Random(1);
        var batch = new SpanBatch();
        for (var service = 0; service < Services; service++)
        {
            batch.Resources.Attributes.Add(Intern("service.name"), AnyValue.OfString(Intern($"service-{service}")));
            batch.Scopes.End(batch.Resources.End(0, 0), Intern("lib"), Intern("1.0"), 0, 0);
        }

        for (var trace = 0; trace < traces; trace++)
        {
            var id = new TraceId((ulong)random.NextInt64(), (ulong)random.NextInt64());
            var ids = new SpanId[spansPerTrace];
            for (var span = 0; span < spansPerTrace; span++)
            {
                ids[span] = new SpanId((ulong)random.NextInt64());
                batch.Spans.Attributes.Add(Intern("node"), AnyValue.OfInt(random.Next(10)));
                batch.Spans.Attributes.Add(Intern("model"), AnyValue.OfString(Intern($"model-{random.Next(4)}")));
                batch.EndSpan(new SpanRow
                {
                    TraceId = id,
                    SpanId = ids[span],
                    ParentSpanId = span == 0 ? default : ids[random.Next(span)],
                    Start = new UnixNanos(1_000_000_000 + (ulong)span * 1_000_000),
                    End = new UnixNanos(1_000_000_000 + (ulong)span * 1_000_000 + (ulong)random.Next(10_000_000)),
                    Scope = random.Next(Services),
                    Name = Intern($"op-{random.Next(10)}"),
                    Kind = (SpanKind)random.Next(1, 6),
                    Status = random.Next(20) == 0 ? StatusCode.Error : StatusCode.Unset,
                });
            }
        }

        return batch;

        int Intern(string text) => batch.Strings.Intern(System.Text.Encoding.UTF8.GetBytes(text));
    }
}
