namespace Clew.Otlp.Protobuf;

/// <summary>How a field's payload is laid out: the low three bits of its tag.</summary>
internal enum WireType : byte
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}
