namespace Clew.Cli.Terminal;

/// <summary>Lines of comma-separated values as RFC 4180 has them.</summary>
internal static class CsvText
{
    public static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(Field));

    static string Field(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
