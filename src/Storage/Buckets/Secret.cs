namespace Clew.Storage.Buckets;

/// <summary>A text that must not be shown, unless it is asked for its value.</summary>
public readonly record struct Secret(string Value)
{
    /// <summary>What stands for any secret wherever one would be shown.</summary>
    public const string Mask = "***";

    public bool IsEmpty => string.IsNullOrEmpty(Value);

    public override string ToString() => IsEmpty ? "" : Mask;
}
