namespace Clew.Otlp.Protobuf;

/// <summary>Why and where decoding stopped. The path is gathered from the inside out while the calls return.</summary>
internal sealed class DecodeFailure(int offset, string problem)
{
    readonly List<string> _segments = [];

    /// <summary>Adds the reader's current field in front of the path.</summary>
    public void PrependField(in ProtoReader reader, string[] names, int nestingMax)
    {
        var number = reader.Tag >> 3;
        var name = number < (uint)names.Length ? names[number] : "";
        if (name.EndsWith("[]", StringComparison.Ordinal))
            name = $"{name[..^2]}[{reader.CountBefore(reader.FieldStart, number, nestingMax)}]";
        else if (name.Length == 0 && number != 0)
            name = $"field {number}";
        if (name.Length > 0)
            _segments.Add(name);
    }

    /// <summary>On the way out of a failed message: notes which of its fields it was.</summary>
    /// <returns>False, for the caller to return.</returns>
    public static bool Within(ref DecodeFailure? failure, in ProtoReader reader, string[] names, int nestingMax)
    {
        failure ??= reader.IsSound
            ? throw new InvalidOperationException("Decoding failed without a problem.")
            : new DecodeFailure(reader.FaultOffset, reader.Describe());
        failure.PrependField(in reader, names, nestingMax);
        return false;
    }

    public OtlpError ToError() => new(string.Join('.', _segments.AsEnumerable().Reverse()), offset, problem);
}
