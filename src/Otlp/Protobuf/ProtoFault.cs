namespace Clew.Otlp.Protobuf;

/// <summary>The ways in which the bytes of a protobuf message can be malformed.</summary>
internal enum ProtoFault : byte
{
    None,
    VarintCut,
    VarintTooLong,
    TagTooLong,
    LengthOverrun,
    LengthTooLarge,
    Fixed64Cut,
    Fixed32Cut,
    FieldZero,
    UnknownWireType,
    StrayEndGroup,
    GroupCut,
    GroupsTooDeep,
}
