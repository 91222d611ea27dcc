namespace Clew.TraceQL.Tests;

/// <summary>Rows of a file under Tables: <c>query ⇒ expected</c>, one a line. Lines that begin with # and empty ones are for the reader.</summary>
static class CaseTable
{
    const string Arrow = " ⇒ ";

    public static TheoryData<string, string> Read(string file)
    {
        var rows = new TheoryData<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Tables", file)))
        {
            if (line.Length == 0 || line.StartsWith('#'))
                continue;
            var at = line.LastIndexOf(Arrow, StringComparison.Ordinal);
            if (at < 0)
                throw new InvalidDataException($"{file} has a row without '{Arrow}': {line}");
            rows.Add(line[..at], line[(at + Arrow.Length)..]);
        }

        return rows;
    }

    /// <summary>What a row's query stands for.</summary>
    public static string QueryOf(string written) => written == "∅" ? "" : written.Replace('⏎', '\n');
}
