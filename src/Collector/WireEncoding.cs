namespace Clew.Collector;

/// <summary>How a request spells its spans.</summary>
public enum WireEncoding
{
    Protobuf,
    Json,
}
