namespace Clew.Server.Configuration;

/// <summary>Where values come from. Later ones win: file, environment, assignments.</summary>
public sealed record ConfigurationSources
{
    /// <summary>The file that is read without being asked for, where it exists.</summary>
    public const string DefaultFile = "clew.yaml";

    /// <summary>A file that must exist; null reads <see cref="DefaultFile"/> of the current folder if there is one.</summary>
    public string? File { get; init; }

    /// <summary>Variables such as <c>CLEW_LISTEN__UI</c>; names that do not look like a key are somebody else's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary><c>key=value</c>, each with the text that names it in messages, such as <c>--set listen.ui=…</c>.</summary>
    public IReadOnlyList<(string Assignment, string Origin)> Assignments { get; init; } = [];

    /// <summary>The variables of this process.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            if (variable.Key is string name && name.StartsWith("CLEW_", StringComparison.Ordinal) && variable.Value is string value)
                variables[name] = value;
        }

        return variables;
    }
}
