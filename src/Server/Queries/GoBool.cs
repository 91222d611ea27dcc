namespace Clew.Server.Queries;

/// <summary>Truth as Go's <c>strconv.ParseBool</c> reads it, which is how Jaeger does.</summary>
internal static class GoBool
{
    public const string Expectation = "expected true or false";

    /// <summary>Parses a parameter; an empty text means false.</summary>
    public static bool TryParse(string text, out bool value)
    {
        value = text is "1" or "t" or "T" or "true" or "TRUE" or "True";
        return value || text is "" or "0" or "f" or "F" or "false" or "FALSE" or "False";
    }
}
