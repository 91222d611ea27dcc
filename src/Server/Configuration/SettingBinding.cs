namespace Clew.Server.Configuration;

/// <summary>Collects values, origins and problems while the sources are read, weakest first.</summary>
internal sealed class SettingBinding
{
    readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);
    readonly HashSet<string> _wrongKeys = new(StringComparer.Ordinal);
    readonly List<string> _problems = [];
    ClewOptions _options = new();

    public void Bind(string key, string text, string origin)
    {
        if (Settings.Find(key)!.Bind(text, ref _options) is { } problem)
            ReportWrong(key, problem, origin);
        else
            _origins[key] = origin;
    }

    public void ReportWrong(string key, string problem, string origin)
    {
        _wrongKeys.Add(key);
        Report($"{origin}: {problem}");
    }

    public void ReportUnknown(string key, string origin, string? nearest) =>
        Report($"{origin}: unknown key '{key}'" + (nearest is null ? "; 'clew config --describe' lists all of them." : $"; did you mean '{nearest}'?"));

    public void Report(string problem) => _problems.Add(problem);

    /// <summary>Adds what the options themselves find wrong, with the place that each value came from.</summary>
    public EffectiveConfiguration Finish()
    {
        foreach (var problem in _options.Problems())
        {
            var key = problem.Split(' ', 2)[0];
            if (!_wrongKeys.Contains(key))
                Report(_origins.TryGetValue(key, out var origin) ? $"{origin}: {problem}" : problem);
        }

        return new EffectiveConfiguration(_options, _origins, _problems);
    }
}
