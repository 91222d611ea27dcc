using Clew.Model;

namespace Clew.Analysis;

/// <summary>Moves the spans of hosts whose clocks contradict causality: a child cannot start before its parent, nor outlive one that waits for it.</summary>
/// <remarks>
/// <para>Source: Jaeger's clock skew adjuster. Walks from the roots; where the host changes (or is not known), the child is centred within its parent if it
/// does not lie there, and everything below it on the same host moves along.</para>
/// <para>Times are claims, so differences are taken in 128 bits and only a shift that fits 64 is applied.</para>
/// </remarks>
internal sealed class ClockSkew
{
    readonly SpanBatch _batch;
    readonly long _nanosMax;
    readonly string[] _hosts;

    ClockSkew(SpanBatch batch, long nanosMax)
    {
        _batch = batch;
        _nanosMax = nanosMax;
        _hosts = [.. Enumerable.Range(0, batch.Resources.Count).Select(resource => HostOf(batch, resource))];
        ShiftNanos = new long[batch.SpanCount];
        Warnings = new string?[batch.SpanCount];
    }

    public long[] ShiftNanos { get; }

    public string?[] Warnings { get; }

    public static ClockSkew Of(SpanBatch batch, int[] rows, SpanIdentities identities, long nanosMax)
    {
        var skew = new ClockSkew(batch, nanosMax);
        var byId = new Dictionary<SpanId, int>(rows.Length);
        foreach (var row in rows)
        {
            if (!byId.TryAdd(identities.SpanIds[row], row))
                skew.Warnings[row] = "duplicate span IDs; skipping clock skew adjustment";
        }

        var children = new Dictionary<int, List<int>>();
        var roots = new List<int>();
        foreach (var (id, row) in byId)
        {
            var parentId = identities.ParentIds[row];
            if (byId.TryGetValue(parentId, out var parent) && !parentId.IsAbsent)
            {
                if (!children.TryGetValue(parent, out var list))
                    children.Add(parent, list = []);
                list.Add(row);
                continue;
            }

            roots.Add(row);
            if (!parentId.IsAbsent)
                skew.Warnings[row] = $"parent span ID={parentId} is not in the trace; skipping clock skew adjustment";
        }

        foreach (var root in roots)
            skew.Walk(root, children);
        return skew;
    }

    // Spans on a cycle are below no root and stay as they are.
    void Walk(int root, Dictionary<int, List<int>> children)
    {
        var open = new Stack<(int Row, string Host, Int128 Delta)>();
        open.Push((root, HostOf(root), 0));
        while (open.TryPop(out var at))
        {
            foreach (var child in children.GetValueOrDefault(at.Row, []))
            {
                var host = HostOf(child);
                var delta = host.Length == 0 || host != at.Host ? Delta(at.Row, child) : at.Delta;
                Apply(child, delta);
                open.Push((child, host, delta));
            }
        }
    }

    Int128 Delta(int parent, int child)
    {
        Int128 parentStart = Start(parent) + ShiftNanos[parent], childStart = Start(child);
        Int128 parentDuration = _batch.Spans.DurationNanos(parent), childDuration = _batch.Spans.DurationNanos(child);
        if (childDuration > parentDuration)
            return childStart < parentStart ? parentStart - childStart : 0;
        if (childStart >= parentStart && childStart + childDuration <= parentStart + parentDuration)
            return 0;
        return parentStart + (parentDuration - childDuration) / 2 - childStart;
    }

    void Apply(int row, Int128 delta)
    {
        if (delta == 0)
            return;
        var size = Int128.Abs(delta);
        var shown = GoDuration.Format((long)Int128.Clamp(delta, long.MinValue, long.MaxValue));
        if (_nanosMax == 0)
        {
            Warnings[row] = $"clock skew adjustment disabled; not applying calculated delta of {shown}";
        }
        else if (size > _nanosMax || Start(row) + delta < 0)
        {
            Warnings[row] = $"max clock skew adjustment delta of {GoDuration.Format(_nanosMax)} exceeded; not applying calculated delta of {shown}";
        }
        else
        {
            ShiftNanos[row] = (long)delta;
            Warnings[row] = $"This span's timestamps were adjusted by {shown}";
        }
    }

    Int128 Start(int row) => _batch.Spans.Starts[row].Value;

    string HostOf(int row) => _hosts[_batch.ResourceOf(row)];

    static string HostOf(SpanBatch batch, int resource)
    {
        foreach (var key in (ReadOnlySpan<string>)["host.id", "host.ip", "host.name"])
        {
            if (!batch.Strings.TryFind(key, out var code) || !batch.Resources.Attributes.TryFind(resource, code, out var value))
                continue;
            if (value.Kind == ValueKind.Array && value.NestedCount > 0)
                value = batch.Nested.Values[value.NestedStart];
            if (value.Kind == ValueKind.String && value.Code != 0)
                return batch.Strings.GetString(value.Code);
        }

        return "";
    }
}
