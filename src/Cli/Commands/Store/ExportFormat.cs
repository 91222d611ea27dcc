namespace Clew.Cli.Commands.Store;

/// <summary>How exported spans are written.</summary>
internal enum ExportFormat
{
    /// <summary>One <c>ExportTraceServiceRequest</c> in OTLP/JSON per line.</summary>
    Json,

    /// <summary>One <c>ExportTraceServiceRequest</c> after the other, each behind its length in bytes as a varint.</summary>
    Protobuf,
}
