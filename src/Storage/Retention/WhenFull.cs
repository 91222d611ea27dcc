namespace Clew.Storage.Retention;

/// <summary>What the store does when there is no space for more spans.</summary>
public enum WhenFull
{
    /// <summary>The oldest and least valuable spans go, and are counted.</summary>
    Expire,

    /// <summary>New spans are refused, retryably, until there is space.</summary>
    Refuse,
}
