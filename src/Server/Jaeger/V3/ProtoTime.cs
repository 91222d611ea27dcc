using Clew.Model;
using Clew.Otlp;
using Clew.Otlp.Protobuf;

namespace Clew.Server.Jaeger.V3;

/// <summary>A <c>google.protobuf.Timestamp</c> or <c>Duration</c> while it is read. One that comes twice is merged, as every message is.</summary>
internal struct ProtoTime
{
    const long NanosPerSecond = 1_000_000_000;

    long _seconds;
    int _nanos;

    public bool IsSet { get; private set; }

    /// <returns>What is wrong with the message; null when nothing is.</returns>
    public string? Merge(ProtoReader message)
    {
        IsSet = true;
        while (message.Next())
        {
            switch (message.Tag)
            {
                case TimeField.Seconds: _seconds = (long)message.Varint(); break;
                case TimeField.Nanos: _nanos = (int)message.Varint(); break;
                default: message.Skip(OtlpLimits.NestingBound); break;
            }
        }

        return QueryRequests.Problem(message);
    }

    public readonly string? TimestampProblem(string name) => _nanos is < 0 or >= (int)NanosPerSecond ? $"{name} is not a google.protobuf.Timestamp" : null;

    public readonly string? DurationProblem(string name) =>
        _nanos >= (int)NanosPerSecond ? $"{name} is not a google.protobuf.Duration" : _seconds < 0 || _nanos < 0 ? $"{name} is negative" : null;

    /// <summary>Of a sound timestamp; times before 1970 and after 2554 become the first and the last there are.</summary>
    public readonly UnixNanos ToTime() => _seconds < 0 ? UnixNanos.MinValue : new UnixNanos(ToNanos());

    /// <summary>Of a sound duration, or a sound timestamp since 1970.</summary>
    public readonly ulong ToNanos() => (ulong)_seconds >= ulong.MaxValue / (ulong)NanosPerSecond ? ulong.MaxValue : ((ulong)_seconds * (ulong)NanosPerSecond) + (ulong)_nanos;
}
