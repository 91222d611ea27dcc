using System.Globalization;
using System.Text;
using Clew.Storage.Columns;
using Clew.Storage.Files;

namespace Clew.Storage.Buckets;

/// <summary>What this folder knows of its claims: the store's own id, and per tier the tokens by which it recognises a claim as its own.</summary>
/// <remarks>
/// A file of lines, ended by a checksum of those before: <c>clew claims 1</c>, <c>store id</c>, then per tier <c>tier name known-token next-token</c>. It is replaced as a whole, as
/// the manifest is. One that is damaged or gone costs no more than the claims: the message of the claim that is then not recognised says what to do.
/// </remarks>
internal sealed class ClaimLedger
{
    const string Title = "clew claims 1";

    readonly IStorageFolder? _folder;
    readonly Dictionary<string, (ulong Known, ulong Next)> _tiers = new(StringComparer.Ordinal);

    ClaimLedger(IStorageFolder? folder, string store)
    {
        _folder = folder;
        Store = store;
    }

    /// <summary>32 hexadecimal digits; the first part of all keys of this store.</summary>
    public string Store { get; private set; }

    /// <summary>For who only reads, and never claims anything.</summary>
    public static ClaimLedger OfReader(UInt128 store) => new(null, Text(store));

    /// <param name="known">The id that the manifest has; 0 when it has none.</param>
    public static ClaimLedger Load(IStorageFolder folder, UInt128 known)
    {
        var ledger = new ClaimLedger(folder, known == 0 ? Guid.NewGuid().ToString("n") : Text(known));
        if (!folder.List().Contains(FileNames.Claims))
            return ledger;
        using var file = folder.OpenToRead(FileNames.Claims);
        var bytes = new byte[Math.Min(file.LengthBytes, 64 << 10)];
        ledger.TryTake(Encoding.UTF8.GetString(bytes.AsSpan(0, file.Read(0, bytes))), isStoreKnown: known != 0);
        return ledger;
    }

    /// <summary>Whether there was ever a claim on a tier.</summary>
    public bool Has(string tier) => _tiers.ContainsKey(tier);

    public bool Knows(string tier, ulong token) => _tiers.TryGetValue(tier, out var tokens) && token != 0 && (token == tokens.Known || token == tokens.Next);

    /// <summary>Remembers, durably, which token the claim has and which it is about to get.</summary>
    public void Save(string tier, ulong known, ulong next)
    {
        if (_folder is null)
            throw new InvalidOperationException("Who only reads has no claims.");
        _tiers[tier] = (known, next);
        var text = new StringBuilder().Append(Title).Append('\n').Append("store ").Append(Store).Append('\n');
        foreach (var (name, tokens) in _tiers.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"tier {name} {tokens.Known:x16} {tokens.Next:x16}\n");
        var crc = Crc.Of(Encoding.UTF8.GetBytes(text.ToString()));
        text.Append(CultureInfo.InvariantCulture, $"crc32c {crc:x8}\n");
        const string Temporary = FileNames.Claims + FileNames.Temporary;
        using (var file = _folder.Create(Temporary))
        {
            file.Write(0, [Encoding.UTF8.GetBytes(text.ToString())]);
            file.Flush();
        }

        _folder.Rename(Temporary, FileNames.Claims);
        _folder.Flush();
    }

    void TryTake(string text, bool isStoreKnown)
    {
        var end = text.IndexOf("crc32c ", StringComparison.Ordinal);
        if (!text.StartsWith(Title, StringComparison.Ordinal) || end < 0
            || text[(end + 7)..].TrimEnd() != Crc.Of(Encoding.UTF8.GetBytes(text[..end])).ToString("x8", CultureInfo.InvariantCulture))
            return;
        foreach (var words in text[..end].Split('\n').Select(line => line.Split(' ')))
        {
            if (words is ["store", var store])
                Store = isStoreKnown ? Store : store;
            else if (words is ["tier", var name, var known, var next])
                _tiers[name] = (Token(known), Token(next));
        }
    }

    static string Text(UInt128 store) => store.ToString("x32", CultureInfo.InvariantCulture);

    static ulong Token(string text) => ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var token) ? token : 0;
}
