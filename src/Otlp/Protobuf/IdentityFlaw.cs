namespace Clew.Otlp.Protobuf;

/// <summary>What is wrong with an identity that is none, and where it stands, for a message.</summary>
internal static class IdentityFlaw
{
    /// <param name="span">The message of a span that could be read.</param>
    /// <param name="tag">Of the identity's field; the last one counts, and the span's own place where there is none.</param>
    public static (long Offset, string Flaw) Find(in ProtoReader span, uint tag, int nestingMax)
    {
        var fields = span.Restarted();
        var offset = span.Start;
        ReadOnlySpan<byte> id = default;
        while (fields.Next())
        {
            if (fields.Tag == tag)
            {
                offset = fields.FieldStart;
                id = fields.Bytes();
            }
            else
            {
                fields.Skip(nestingMax);
            }
        }

        return (offset, id.IsEmpty ? "is missing" : id.ContainsAnyExcept((byte)0) ? $"has {id.Length} bytes" : $"is {id.Length} zero bytes");
    }
}
