namespace Clew.TraceQL.Syntax;

/// <summary>The beginning of what somebody wrote, for messages.</summary>
static class Excerpt
{
    const int LengthMax = 40;

    public static string Of(string written) => written.Length <= LengthMax ? written : written[..LengthMax] + "…";
}
