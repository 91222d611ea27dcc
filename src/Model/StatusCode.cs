namespace Clew.Model;

/// <summary>How a span ended; numbers as in OTLP.</summary>
public enum StatusCode : byte
{
    Unset = 0,
    Ok = 1,
    Error = 2,
}
