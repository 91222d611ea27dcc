namespace Clew.Server.Tests;

/// <summary>A clock that is asked and goes on by a second, from when it is told to.</summary>
internal sealed class HastyClock : TimeProvider
{
    long _added;

    public bool IsHasty { get; set; }

    public override long GetTimestamp() => base.GetTimestamp() + (IsHasty ? Interlocked.Add(ref _added, TimestampFrequency) : Interlocked.Read(ref _added));
}
