using System.CommandLine;
using Clew.Model;
using Clew.Server.Configuration;

namespace Clew.Cli.Commands;

/// <summary>The options that say over what time a query is asked: the last hour, unless they say otherwise.</summary>
internal sealed class QueryRange
{
    static readonly TimeSpan Default = TimeSpan.FromHours(1);

    readonly Option<string?> _since = new("--since") { HelpName = "DURATION", Description = "The last 15m, 1h, 7d. Default 1h." };
    readonly Option<string?> _start = new("--start") { HelpName = "TIME", Description = $"From: {TimeText.Forms}." };
    readonly Option<string?> _end = new("--end") { HelpName = "TIME", Description = "Until, written the same way. Default now." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_since, _start, _end])
            command.Options.Add(option);
    }

    /// <summary>Whether somebody said when.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_since) is not null || parsed.GetValue(_start) is not null || parsed.GetValue(_end) is not null;

    /// <exception cref="CommandFailedException">A value is not what its option expects.</exception>
    public TimeRange Read(ParseResult parsed, DateTimeOffset now)
    {
        var end = Time(parsed, _end, now) ?? UnixNanos.From(now);
        var start = Time(parsed, _start, now);
        if (parsed.GetValue(_since) is { } since)
        {
            if (start is not null)
                throw new CommandFailedException("--since and --start both say where to begin; give one of them.");
            if (!DurationText.TryParse(since, out var duration))
                throw new CommandFailedException($"--since is '{since}'; expected a duration such as 15m, 1h or 7d.");
            start = end.Minus(Nanos(duration));
        }

        var range = new TimeRange(start ?? end.Minus(Nanos(Default)), end);
        return range.From <= range.To ? range : throw new CommandFailedException($"the range ends before it starts: it begins at {NanosOf(range.From)}, and ends at {NanosOf(range.To)}.");
    }

    static UnixNanos? Time(ParseResult parsed, Option<string?> option, DateTimeOffset now) => parsed.GetValue(option) switch
    {
        null => null,
        var text when TimeText.TryParse(text, now, out var time) => time,
        var text => throw new CommandFailedException($"{option.Name} is '{text}'; expected {TimeText.Forms}."),
    };

    static string NanosOf(UnixNanos time) => Terminal.NanosText.Time(time);

    static ulong Nanos(TimeSpan duration) => (ulong)Math.Min(duration.Ticks, long.MaxValue / 100) * 100;
}
