using System.Globalization;
using System.Text;

namespace Clew.Storage.Buckets;

/// <summary>Who may change a store's objects of a tier: the content of the object <c>claim</c>, readable for people.</summary>
/// <param name="Token">Drawn anew with each renewal.</param>
/// <param name="Host">The machine that renewed it, for messages.</param>
/// <param name="Folder">Its data folder, for messages.</param>
internal sealed record ClaimRecord(ulong Token, string Host, string Folder, DateTimeOffset Renewed)
{
    const string Title = "clew claim 1";

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Title}\ntoken {Token:x16}\nhost {Host}\nfolder {Folder}\nrenewed {Renewed.UtcDateTime:O}\n"));

    /// <returns>Null when it is something else.</returns>
    public static ClaimRecord? TryParse(ReadOnlySpan<byte> content)
    {
        var lines = Encoding.UTF8.GetString(content).Split('\n');
        if (lines[0] != Title)
            return null;
        var fields = lines.Skip(1).Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2).ToLookup(parts => parts[0], parts => parts[1]);
        return ulong.TryParse(fields["token"].FirstOrDefault(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var token)
            ? new ClaimRecord(
                token, fields["host"].FirstOrDefault("?"), fields["folder"].FirstOrDefault("?"),
                DateTimeOffset.TryParse(fields["renewed"].FirstOrDefault(), CultureInfo.InvariantCulture, out var renewed) ? renewed : default)
            : null;
    }
}
