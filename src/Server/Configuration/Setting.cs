namespace Clew.Server.Configuration;

/// <summary>One key of the configuration: what it means, how it is written, and where its value lives in <see cref="ClewOptions"/>.</summary>
public sealed class Setting
{
    readonly Func<ClewOptions, string> _show;
    readonly Binder _bind;

    Setting(string key, string form, string expected, string description, bool isList, (string Min, string Max) bounds, Func<ClewOptions, string> show, Binder bind)
    {
        Key = key;
        Form = form;
        Expected = expected;
        Description = description;
        IsList = isList;
        (Min, Max) = bounds;
        _show = show;
        _bind = bind;
        Default = show(new ClewOptions());
    }

    delegate string? Binder(string text, ref ClewOptions options);

    /// <summary>Path in snake case, as in the file: <c>limits.idle_timeout</c>.</summary>
    public string Key { get; }

    /// <summary>One word: address, size, count, duration, folder, text, secret, list or choice.</summary>
    public string Form { get; }

    /// <summary>For messages: "a duration such as 500ms, 10s or 1h".</summary>
    public string Expected { get; }

    /// <summary>One sentence or two, unit included.</summary>
    public string Description { get; }

    public bool IsList { get; }

    /// <summary>Its value is shown nowhere.</summary>
    public bool IsSecret => Form == "secret";

    /// <summary>The smallest value, in the setting's own form; empty when there is none to speak of.</summary>
    public string Min { get; }

    /// <summary>The largest value; empty when there is none to speak of.</summary>
    public string Max { get; }

    public string Default { get; }

    /// <summary><c>CLEW_LIMITS__IDLE_TIMEOUT</c> for <c>limits.idle_timeout</c>.</summary>
    public string EnvironmentVariable => "CLEW_" + Key.ToUpperInvariant().Replace(".", "__", StringComparison.Ordinal);

    /// <summary>The value in <paramref name="options"/>, written as the file would have it.</summary>
    public string Show(ClewOptions options) => _show(options);

    /// <summary>Puts a value into <paramref name="options"/>.</summary>
    /// <returns>Null, or what is wrong with the text, naming key, value and expectation; the options are then as before.</returns>
    internal string? Bind(string text, ref ClewOptions options) => _bind(text, ref options);

    internal static Setting Of<T>(
        string key, SettingForm<T> form, string description, Func<ClewOptions, T> get, Func<ClewOptions, T, ClewOptions> with, T? min = default, T? max = default)
        where T : notnull
    {
        // A bound that was not given is the type's default, and so is a lower bound of zero, which means the same: no sign is ever allowed.
        var comparer = Comparer<T>.Default;
        var isBounded = max is IComparable && comparer.Compare(max, default) > 0;
        var bounds = isBounded ? (form.Format(min!), IsLargest(max) ? "" : form.Format(max!)) : ("", "");
        return new Setting(key, form.Name, form.Expected, description, form.IsList, bounds, options => form.Format(get(options)), BindValue);

        string? BindValue(string text, ref ClewOptions options)
        {
            if (!form.Parse(text, out var value))
                return $"{key} is '{text}'; {form.Explain(text)}.";
            if (isBounded && (comparer.Compare(value, min) < 0 || comparer.Compare(value, max) > 0))
                return $"{key} is {form.Format(value)}; expected {(bounds.Item2 is "" ? $"at least {bounds.Item1}" : $"{bounds.Item1} to {bounds.Item2}")}.";
            options = with(options, value);
            return null;
        }
    }

    static bool IsLargest<T>(T? value) => value is int.MaxValue or long.MaxValue || (value is TimeSpan span && span == TimeSpan.MaxValue);
}
