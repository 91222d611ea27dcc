using System.Buffers;
using System.Text;
using Clew.Otlp.Protobuf;
using Clew.TraceQL.Tags;

namespace Clew.Server.Tempo.Streaming;

/// <summary>Writes answers about tags. <see cref="ProtoWriter"/> says why each method goes from the last field to the first.</summary>
internal static class TagMessages
{
    const int BytesHint = 1_024;

    /// <summary>A <c>SearchTagsResponse</c>.</summary>
    public static void WriteNames(FoundTags found, IBufferWriter<byte> target) => WriteTexts([.. found.PlainNames()], AnswerCost.Of(found.Reads), target);

    /// <summary>A <c>SearchTagsV2Response</c>.</summary>
    public static void WriteScopes(FoundTags found, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(BytesHint);
        MessageParts.CostOfTags(ref writer, TagsResponseField.Metrics, AnswerCost.Of(found.Reads));
        for (var at = found.Scopes.Count - 1; at >= 0; at--)
        {
            var (scope, names) = found.Scopes[at];
            var count = writer.Count;
            for (var name = names.Count - 1; name >= 0; name--)
                writer.Bytes(TagsScopeField.Tags, Encoding.UTF8.GetBytes(names[name]));
            MessageParts.Text(ref writer, TagsScopeField.Name, scope);
            writer.EndMessage(TagsResponseField.Entries, count);
        }

        MessageParts.Finish(ref writer, target);
    }

    /// <summary>A <c>SearchTagValuesResponse</c>.</summary>
    public static void WriteValues(TagValuesResult found, IBufferWriter<byte> target) =>
        WriteTexts([.. found.Values.Select(TagValueText.Of)], AnswerCost.Of(found), target);

    /// <summary>A <c>SearchTagValuesV2Response</c>.</summary>
    public static void WriteTypedValues(TagValuesResult found, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(BytesHint);
        MessageParts.CostOfTags(ref writer, TagsResponseField.Metrics, AnswerCost.Of(found));
        for (var at = found.Values.Count - 1; at >= 0; at--)
        {
            var count = writer.Count;
            MessageParts.Text(ref writer, TagValueField.Value, TagValueText.Of(found.Values[at]));
            MessageParts.Text(ref writer, TagValueField.Type, TagValueText.TypeOf(found.Values[at]));
            writer.EndMessage(TagsResponseField.Entries, count);
        }

        MessageParts.Finish(ref writer, target);
    }

    static void WriteTexts(string[] texts, AnswerCost cost, IBufferWriter<byte> target)
    {
        var writer = new ProtoWriter(BytesHint);
        MessageParts.CostOfTags(ref writer, TagsResponseField.Metrics, cost);
        for (var at = texts.Length - 1; at >= 0; at--)
            writer.Bytes(TagsResponseField.Entries, Encoding.UTF8.GetBytes(texts[at]));
        MessageParts.Finish(ref writer, target);
    }
}
