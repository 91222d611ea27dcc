using System.Globalization;
using Clew.Storage.Buckets;

namespace Clew.Server.Configuration;

/// <summary>How one kind of value is written.</summary>
/// <param name="Expected">For messages: the form and an example, as in "a duration such as 10s".</param>
/// <param name="Parse">Returns false for text of another form.</param>
/// <param name="Format">Writes what <paramref name="Parse"/> reads back to the same value.</param>
internal sealed record SettingForm<T>(string Name, string Expected, SettingForm<T>.Parser Parse, Func<T, string> Format)
{
    public delegate bool Parser(string text, out T value);

    /// <summary>For messages about one text that is not of the form: <see cref="Expected"/>, or something nearer to the mistake.</summary>
    public Func<string, string> Explain { get; init; } = _ => "expected " + Expected;

    /// <summary>Whether a YAML sequence may stand for the value.</summary>
    public bool IsList { get; init; }
}

/// <summary>The forms that settings have.</summary>
internal static class SettingForms
{
    public static SettingForm<string> Address { get; } = new(
        "address", "host:port such as 127.0.0.1:4317, [::1]:4317, localhost:4317 or *:4317",
        (text, out value) => ListenAddress.TryParse(value = text.Trim(), out _), text => text)
    { Explain = text => ListenAddress.Expectation(text.Trim()) };

    public static SettingForm<string> Folder { get; } = new(
        "folder", "a folder such as ./clew-data", (text, out value) => (value = text.Trim()).Length > 0, text => text);

    public static SettingForm<string> Text { get; } = new(
        "text", "a text",
        (text, out value) =>
        {
            value = text.Trim();
            return true;
        },
        text => text);

    /// <summary>Shown as a mask.</summary>
    public static SettingForm<Secret> Secret { get; } = new(
        "secret", "a text",
        (text, out value) =>
        {
            value = new Secret(text.Trim());
            return true;
        },
        secret => secret.ToString());

    public static SettingForm<long> Size { get; } = new(
        "size", "a size such as 64MiB or 16MB", (text, out value) => SizeText.TryParse(text, out value), SizeText.Format);

    public static SettingForm<int> SizeWithin2GiB { get; } = new(
        "size", Size.Expected,
        (text, out value) => SizeText.TryParse(text, out var bytes) & (value = (int)Math.Min(bytes, int.MaxValue)) == bytes,
        bytes => SizeText.Format(bytes));

    public static SettingForm<int> Count { get; } = new(
        "count", "a whole number such as 1000",
        (text, out value) => int.TryParse(Digits(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
        count => count.ToString(CultureInfo.InvariantCulture));

    public static SettingForm<TimeSpan> Duration { get; } = new(
        "duration", "a duration such as 500ms, 10s or 1h", (text, out value) => DurationText.TryParse(text, out value), DurationText.Format);

    public static SettingForm<IReadOnlyList<string>> List { get; } = new(
        "list", "a list such as [a, b], or a,b on one line",
        (text, out value) =>
        {
            value = text.Trim().TrimStart('[').TrimEnd(']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return true;
        },
        list => string.Join(',', list))
    { IsList = true };

    /// <summary>One of the names of <typeparamref name="T"/>, in lower case.</summary>
    public static SettingForm<T> Choice<T>()
        where T : struct, Enum
    {
        var names = string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()));
        return new SettingForm<T>(
            "choice", "one of " + names,
            (text, out value) => Enum.TryParse(text.Trim(), ignoreCase: true, out value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text.Trim()[0]),
            value => value.ToString().ToLowerInvariant());
    }

    // 1_000_000 and 1,000,000 are easier to get right than 1000000.
    static string Digits(string text) => text.Trim().Replace("_", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
}
