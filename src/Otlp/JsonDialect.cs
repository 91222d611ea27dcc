namespace Clew.Otlp;

/// <summary>How OTLP messages are written as JSON.</summary>
public enum JsonDialect
{
    /// <summary>As OTLP has it: identities hexadecimal, enums numbers.</summary>
    Otlp,

    /// <summary>As Go's jsonpb writes any message, which is what Tempo sends: identities in base64, enums by name, and nothing that is empty or zero.</summary>
    Jsonpb,
}
