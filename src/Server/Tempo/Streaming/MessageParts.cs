using System.Buffers;
using System.Text;
using Clew.Otlp.Protobuf;
using Clew.TraceQL;
using ValueType = Clew.TraceQL.ValueType;

namespace Clew.Server.Tempo.Streaming;

/// <summary>What several messages have in common. <see cref="ProtoWriter"/> says why each method goes from the last field to the first.</summary>
internal static class MessageParts
{
    /// <summary>Hands over what was written.</summary>
    public static void Finish(ref ProtoWriter writer, IBufferWriter<byte> target)
    {
        target.Write(writer.Written);
        writer.Dispose();
    }

    public static void Text(ref ProtoWriter writer, uint tag, string text) => writer.BytesUnlessEmpty(tag, Encoding.UTF8.GetBytes(text));

    public static void Number(ref ProtoWriter writer, uint tag, double number)
    {
        if (BitConverter.DoubleToUInt64Bits(number) is var bits and not 0)
            writer.Fixed64(tag, bits);
    }

    /// <summary>OTLP's <c>KeyValue</c>.</summary>
    public static void KeyValue(ref ProtoWriter writer, uint tag, string key, Value value)
    {
        var count = writer.Count;
        AnyValue(ref writer, KeyValueField.Value, value);
        Text(ref writer, KeyValueField.Key, key);
        writer.EndMessage(tag, count);
    }

    /// <summary><c>SearchMetrics</c></summary>
    public static void Cost(ref ProtoWriter writer, uint tag, AnswerCost cost)
    {
        var count = writer.Count;
        writer.VarintUnlessZero(SearchMetricsField.InspectedSpans, (ulong)cost.SpanCount);
        writer.Varint(SearchMetricsField.TotalJobs, 1);
        writer.VarintUnlessZero(SearchMetricsField.CompletedJobs, cost.IsComplete ? 1UL : 0);
        writer.VarintUnlessZero(SearchMetricsField.TotalBlocks, (ulong)cost.BlockCount);
        writer.VarintUnlessZero(SearchMetricsField.InspectedBytes, (ulong)cost.Bytes);
        writer.VarintUnlessZero(SearchMetricsField.InspectedTraces, (ulong)cost.TraceCount);
        writer.EndMessage(tag, count);
    }

    /// <summary><c>MetadataMetrics</c></summary>
    public static void CostOfTags(ref ProtoWriter writer, uint tag, AnswerCost cost)
    {
        var count = writer.Count;
        writer.VarintUnlessZero(MetadataMetricsField.TotalBlocks, (ulong)cost.BlockCount);
        writer.VarintUnlessZero(MetadataMetricsField.CompletedJobs, cost.IsComplete ? 1UL : 0);
        writer.Varint(MetadataMetricsField.TotalJobs, 1);
        writer.VarintUnlessZero(MetadataMetricsField.InspectedBytes, (ulong)cost.Bytes);
        writer.EndMessage(tag, count);
    }

    // A field of a oneof is written whatever its value.
    static void AnyValue(ref ProtoWriter writer, uint tag, Value value)
    {
        var count = writer.Count;
        switch (value.Type)
        {
            case ValueType.Int: writer.Varint(AnyValueField.IntValue, (ulong)value.Int); break;
            case ValueType.Float: writer.Fixed64(AnyValueField.DoubleValue, BitConverter.DoubleToUInt64Bits(value.Number)); break;
            case ValueType.Bool: writer.Varint(AnyValueField.BoolValue, value.IsTrue ? 1UL : 0); break;
            case ValueType.Array:
                for (var at = value.Elements.Length - 1; at >= 0; at--)
                    AnyValue(ref writer, ContainerField.Values, value.Elements[at]);
                writer.EndMessage(AnyValueField.ArrayValue, count);
                break;
            default: writer.Bytes(AnyValueField.StringValue, Encoding.UTF8.GetBytes(TagValueText.Of(value))); break;
        }

        writer.EndMessage(tag, count);
    }
}
