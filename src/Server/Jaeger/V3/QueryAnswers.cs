using System.Buffers;
using System.Text;
using Clew.Analysis;
using Clew.Model;
using Clew.Otlp.Protobuf;

namespace Clew.Server.Jaeger.V3;

/// <summary>Writes the answers of the gRPC service that are no spans. <see cref="ProtoWriter"/> says why each method goes from the last field to the first.</summary>
internal static class QueryAnswers
{
    const int BytesHint = 1_024;

    public static void WriteServices(IReadOnlyList<string> services, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(BytesHint);
        for (var at = services.Count - 1; at >= 0; at--)
            writer.Bytes(GetServicesResponseField.Services, Encoding.UTF8.GetBytes(services[at]));
        Finish(ref writer, target);
    }

    public static void WriteOperations(IReadOnlyList<(string Name, string SpanKind)> operations, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(BytesHint);
        for (var at = operations.Count - 1; at >= 0; at--)
        {
            var count = writer.Count;
            Text(ref writer, OperationField.SpanKind, operations[at].SpanKind);
            Text(ref writer, OperationField.Name, operations[at].Name);
            writer.EndMessage(GetOperationsResponseField.Operations, count);
        }

        Finish(ref writer, target);
    }

    public static void WriteDependencies(IReadOnlyList<ServiceCall> calls, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(BytesHint);
        for (var at = calls.Count - 1; at >= 0; at--)
        {
            var count = writer.Count;
            writer.VarintUnlessZero(DependencyField.CallCount, (ulong)calls[at].CallCount);
            Text(ref writer, DependencyField.Child, calls[at].Callee);
            Text(ref writer, DependencyField.Parent, calls[at].Caller);
            writer.EndMessage(DependenciesResponseField.Dependencies, count);
        }

        Finish(ref writer, target);
    }

    /// <summary>A <c>FindTraceSummariesResponse</c> with one summary: they are sent as they are found.</summary>
    public static void WriteSummary(TraceSummary summary, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(BytesHint);
        for (var at = summary.Services.Count - 1; at >= 0; at--)
        {
            var count = writer.Count;
            writer.VarintUnlessZero(ServiceSummaryField.ErrorSpanCount, (ulong)summary.Services[at].ErrorCount);
            writer.VarintUnlessZero(ServiceSummaryField.SpanCount, (ulong)summary.Services[at].SpanCount);
            Text(ref writer, ServiceSummaryField.Name, summary.Services[at].Name);
            writer.EndMessage(SummaryField.Services, count);
        }

        writer.VarintUnlessZero(SummaryField.OrphanSpanCount, (ulong)summary.OrphanCount);
        writer.VarintUnlessZero(SummaryField.ErrorSpanCount, (ulong)summary.ErrorCount);
        writer.VarintUnlessZero(SummaryField.SpanCount, (ulong)summary.SpanCount);
        writer.Fixed64(SummaryField.MaxEndTime, summary.Start.Plus(summary.DurationNanos).Value);
        writer.Fixed64(SummaryField.MinStartTime, summary.Start.Value);
        Text(ref writer, SummaryField.RootOperationName, summary.RootName);
        Text(ref writer, SummaryField.RootServiceName, summary.RootService);
        Text(ref writer, SummaryField.TraceId, summary.Id.ToString());
        writer.EndMessage(SummariesResponseField.Summaries, 0);
        Finish(ref writer, target);
    }

    static void Text(ref ProtoWriter writer, uint tag, string text) => writer.BytesUnlessEmpty(tag, Encoding.UTF8.GetBytes(text));

    static void Finish(ref ProtoWriter writer, IBufferWriter<byte> target)
    {
        target.Write(writer.Written);
        writer.Dispose();
    }
}
