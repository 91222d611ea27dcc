namespace Clew.Otlp;

/// <summary>Why a request could not be decoded.</summary>
/// <param name="Path">The field, named as in the OTLP definition (protobuf) or in the document (JSON); empty for the request itself.</param>
/// <param name="Offset">The byte of the uncompressed request where the problem starts.</param>
/// <param name="Problem">A clause without a full stop: what was found, and what is expected or allowed.</param>
public sealed record OtlpError(string Path, long Offset, string Problem)
{
    /// <summary>The request may be fine, but there was no room in memory for its content.</summary>
    public static OtlpError NoRoom { get; } = new("", 0, "there is no room in memory for its content");

    public bool IsNoRoom => ReferenceEquals(this, NoRoom);

    /// <summary>One sentence for the sender.</summary>
    public string Message => $"{(Path.Length == 0 ? "The request" : Path)} at byte {Offset}: {Problem}.";

    public override string ToString() => Message;
}
