using Clew.Storage.Buckets;

namespace Clew.Server.Configuration;

/// <summary>What a server would run with, and where each value came from.</summary>
/// <param name="Options">Defaults where nothing, or nothing valid, was given.</param>
/// <param name="Origins">Per key that was given: <c>clew.yaml:3</c>, <c>CLEW_LISTEN__UI</c>, <c>--set listen.ui=…</c>.</param>
/// <param name="Problems">Everything that is wrong, one sentence each with its place. Empty is good.</param>
public sealed record EffectiveConfiguration(ClewOptions Options, IReadOnlyDictionary<string, string> Origins, IReadOnlyList<string> Problems)
{
    /// <summary>Reads all sources, and goes on after each problem, so that all of them are found at once.</summary>
    public static EffectiveConfiguration Read(ConfigurationSources sources)
    {
        var binding = new SettingBinding();
        if (sources.File is not null || File.Exists(ConfigurationSources.DefaultFile))
            YamlSettings.Bind(sources.File ?? ConfigurationSources.DefaultFile, binding);
        foreach (var (name, value) in sources.Environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
            BindVariable(name, value, binding);
        foreach (var (assignment, origin) in sources.Assignments)
            BindAssignment(assignment, origin, binding);
        return binding.Finish();
    }

    static void BindVariable(string name, string value, SettingBinding binding)
    {
        if (!name.StartsWith("CLEW_", StringComparison.Ordinal))
            return;
        var key = name["CLEW_".Length..].ToLowerInvariant().Replace("__", ".", StringComparison.Ordinal);
        if (Settings.Find(key) is not null)
            binding.Bind(key, value, name);
        else if (!OtherVariables.Include(name))
            binding.ReportUnknown(key, name, Settings.Nearest(key) is { } near ? Settings.Find(near)?.EnvironmentVariable : null);
    }

    static void BindAssignment(string assignment, string origin, SettingBinding binding)
    {
        var equals = assignment.IndexOf('=');
        if (equals <= 0)
        {
            binding.Report($"{origin}: expected key=value, such as --set listen.ui=127.0.0.1:16686.");
            return;
        }

        var (key, value) = (assignment[..equals].Trim(), assignment[(equals + 1)..]);
        // A URL may have a password in it, which is refused, but must not be shown for that.
        if (Settings.Find(key) is { } setting)
            binding.Bind(key, value, setting.IsSecret || value.Contains('@', StringComparison.Ordinal) ? $"{origin[..(origin.IndexOf('=') + 1)]}{Secret.Mask}" : origin);
        else if (Settings.IsSection(key))
            binding.Report($"{origin}: {key} is a section; set one of its keys, such as {Settings.All.First(setting => setting.Key.StartsWith(key + ".", StringComparison.Ordinal)).Key}.");
        else
            binding.ReportUnknown(key, origin, Settings.Nearest(key));
    }
}
