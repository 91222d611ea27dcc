using System.Globalization;
using System.Text.RegularExpressions;

namespace Clew.Storage.Tests.Formats;

/// <summary>The hex dumps of a document: lines of an offset, bytes, and words about them that nobody checks.</summary>
/// <remarks><c>28  14 0e 00 00  28 00 00 00   words</c>: one or two spaces between bytes, three before the words. A dump starts at offset 0.</remarks>
internal static class HexDump
{
    const int BytesPerLine = 16;

    static readonly Regex Line = new(
        "^(?<offset>[0-9a-f]{2,4})  (?<bytes>[0-9a-f]{2}( {1,2}[0-9a-f]{2})*)(   .*)?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);

    /// <exception cref="FormatException">A line does not start where the one before it ended.</exception>
    public static List<byte[]> ReadAll(string document)
    {
        var dumps = new List<List<byte>>();
        foreach (Match line in Line.Matches(document))
        {
            var offset = int.Parse(line.Groups["offset"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (offset == 0)
                dumps.Add([]);
            if (dumps.Count == 0 || dumps[^1].Count != offset)
                throw new FormatException($"A line of a dump does not go on where the one before ends: {line.Value}");
            dumps[^1].AddRange(Convert.FromHexString(line.Groups["bytes"].Value.Replace(" ", "", StringComparison.Ordinal)));
        }

        return dumps.ConvertAll(dump => dump.ToArray());
    }

    /// <summary>What a document would have to say.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        for (var start = 0; start < bytes.Length; start += BytesPerLine)
            lines.Add($"{start:x2}  {string.Join(' ', bytes[start..Math.Min(bytes.Length, start + BytesPerLine)].ToArray().Select(part => part.ToString("x2", CultureInfo.InvariantCulture)))}");
        return string.Join('\n', lines);
    }
}
