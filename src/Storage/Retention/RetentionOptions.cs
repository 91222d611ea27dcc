using Clew.Model;

namespace Clew.Storage.Retention;

/// <summary>How long spans stay, by the time since they arrived. A level that ends when the one before it does is skipped.</summary>
public sealed record RetentionOptions
{
    /// <summary>Spans are live until they are this old: everything is there. Default 1 hour, at least 1 second.</summary>
    public TimeSpan LiveUntil { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Then kept until they are this old. Default 7 days.</summary>
    public TimeSpan KeptUntil { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Then warm. Default 30 days.</summary>
    public TimeSpan WarmUntil { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Then cold, and after that they are removed. Default 90 days.</summary>
    public TimeSpan ColdUntil { get; init; } = TimeSpan.FromDays(90);

    /// <summary>What goes when there is no space for more spans. Default the oldest ones.</summary>
    public WhenFull WhenFull { get; init; } = WhenFull.Expire;

    /// <summary>The age at which spans leave a level.</summary>
    public TimeSpan EndOf(StoreLevel level) => level switch
    {
        StoreLevel.Live => LiveUntil,
        StoreLevel.Kept => KeptUntil,
        StoreLevel.Warm => WarmUntil,
        _ => ColdUntil,
    };

    /// <summary>The age at which spans come to a level.</summary>
    public TimeSpan StartOf(StoreLevel level) => level == StoreLevel.Live ? TimeSpan.Zero : EndOf(level - 1);

    internal IEnumerable<string> Problems()
    {
        if (LiveUntil < TimeSpan.FromSeconds(1))
            yield return $"storage.retention.live_until is {LiveUntil}; the shortest supported value is 00:00:01.";
        if (KeptUntil < LiveUntil)
            yield return $"storage.retention.kept_until is {KeptUntil}; it must not be shorter than storage.retention.live_until ({LiveUntil}).";
        if (WarmUntil < KeptUntil)
            yield return $"storage.retention.warm_until is {WarmUntil}; it must not be shorter than storage.retention.kept_until ({KeptUntil}).";
        if (ColdUntil < WarmUntil)
            yield return $"storage.retention.cold_until is {ColdUntil}; it must not be shorter than storage.retention.warm_until ({WarmUntil}).";
        if (!Enum.IsDefined(WhenFull))
            yield return $"storage.retention.when_full is {(int)WhenFull}; it must be expire or refuse.";
    }
}
