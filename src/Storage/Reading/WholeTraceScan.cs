using System.Collections.Immutable;
using Clew.Model;

namespace Clew.Storage.Reading;

/// <summary>What the threads of a scan over traces have in common.</summary>
internal sealed class WholeTraceScan(TraceSelection selection, SpanProjection projection, HeadTraces head, ReadMeter meter, DamageLog damage)
{
    /// <summary>A bit each. What is asked for beyond is not looked at: more traces are shown than have to be.</summary>
    const int SelectionsMax = 64;

    /// <summary>Traces that are put together at once.</summary>
    const int AssembledMax = 128;

    TraceId[] _assembled = [];
    int _next;

    public ImmutableArray<SpanSelection> Selections { get; } = selection.Each.IsDefaultOrEmpty ? [SpanSelection.All] : [.. selection.Each.Take(SelectionsMax)];

    public ulong AllMet => ulong.MaxValue >> (SelectionsMax - Selections.Length);

    public SpanProjection Projection => projection;

    public ReadMeter Meter => meter;

    public DamageLog Damage => damage;

    public TracePlaces Places { get; } = new(head, damage);

    public ScatteredTraces Scattered { get; } = new();

    /// <summary>All row groups were read: what is scattered can be put together.</summary>
    public void BeginAssembly() => _assembled = Scattered.Asked(AllMet);

    /// <summary>Takes scattered traces that no thread has taken yet; none when there are no more.</summary>
    public ArraySegment<TraceId> TakeScattered()
    {
        var start = Math.Min(_assembled.Length, Interlocked.Add(ref _next, AssembledMax) - AssembledMax);
        return new ArraySegment<TraceId>(_assembled, start, Math.Min(AssembledMax, _assembled.Length - start));
    }
}
