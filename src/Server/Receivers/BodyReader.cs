using System.IO.Pipelines;
using Clew.Collector;
using Clew.Otlp;

namespace Clew.Server.Receivers;

/// <summary>Reads a request's body into a pooled buffer, taking room in the ingest budget before each growth.</summary>
internal static class BodyReader
{
    // A declared length is a claim: the room for it is taken as bytes arrive, so that promising much holds nothing.
    const int StepBytesMax = 1 << 20;
    const int StepBytesMin = 16 << 10;

    /// <summary>How reading ended.</summary>
    public enum Ending
    {
        Complete,
        TooLarge,
        NoRoom,
    }

    /// <param name="expected">The declared length; null when there is none.</param>
    /// <param name="bytesMax">The longest body allowed.</param>
    public static async ValueTask<Ending> ReadAsync(
        PipeReader body, long? expected, long bytesMax, IngestRoom room, IngestBudget budget, PooledBuffer target, CancellationToken cancellation)
    {
        if (expected > bytesMax)
            return Ending.TooLarge;
        if (expected is { } declared && !budget.HasRoomFor(declared))
            return Ending.NoRoom;
        var roomBytes = 0L;
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            var total = target.Count + read.Buffer.Length;
            if (total > bytesMax)
                return Refuse(body, read, Ending.TooLarge);
            if (total > roomBytes)
            {
                var wanted = Math.Max(total, Math.Min(bytesMax, Next(roomBytes, expected)));
                if (!room.TryTake(wanted - roomBytes))
                    return Refuse(body, read, Ending.NoRoom);
                roomBytes = wanted;
                _ = target.GetSpan((int)(roomBytes - target.Count));
            }

            foreach (var segment in read.Buffer)
                target.Write(segment.Span);
            body.AdvanceTo(read.Buffer.End);
            if (!read.IsCompleted)
                continue;
            room.Give(roomBytes - target.Count);
            return Ending.Complete;
        }
    }

    // What was read and not wanted is given up, so that the server can go on draining it.
    static Ending Refuse(PipeReader body, ReadResult read, Ending ending)
    {
        body.AdvanceTo(read.Buffer.End);
        return ending;
    }

    // Doubling keeps the copying linear; small declared bodies get their final size at once.
    static long Next(long roomBytes, long? expected)
    {
        var doubled = Math.Max(StepBytesMin, roomBytes * 2);
        return expected is { } declared && declared <= Math.Max(doubled, StepBytesMax) ? declared : doubled;
    }
}
