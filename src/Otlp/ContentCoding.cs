namespace Clew.Otlp;

/// <summary>How the body of a request is compressed: the values of <c>Content-Encoding</c> and <c>grpc-encoding</c> that are known here.</summary>
public enum ContentCoding
{
    Identity,
    Gzip,

    /// <summary>The zlib format, as HTTP defines the word.</summary>
    Deflate,
    Zstd,
}
