using Clew.Model;
using Clew.TraceQL.Metrics;
using Clew.TraceQL.Operators;

namespace Clew.TraceQL.Tags;

/// <summary>Gathers the keys of all attributes of spans and of what belongs to them. For one thread.</summary>
internal sealed class TagNameSink(MetricsPlan plan) : ISpanSink
{
    const int NameBytes = 100;

    readonly HashSet<(AttributeOwners Owner, int Code)> _known = [];
    readonly HashSet<int> _knownScopes = [];
    SpanBatch _batch = new();

    public HashSet<AttributeKey> Names { get; } = [];

    public void Open(SpanBatch batch)
    {
        if (_batch.Strings != batch.Strings)
            _known.Clear();
        if (_batch.Scopes != batch.Scopes)
            _knownScopes.Clear();
        _batch = batch;
    }

    public void Enter(TraceView trace)
    {
    }

    public void Count(int row)
    {
        Take(AttributeOwners.Span, _batch.Spans.Attributes, row, row + 1);
        var (events, links) = (_batch.Events[row], _batch.Links[row]);
        Take(AttributeOwners.Event, _batch.Events.Attributes, events.Start, events.End);
        Take(AttributeOwners.Link, _batch.Links.Attributes, links.Start, links.End);
        var scope = _batch.Spans.Scopes[row];
        if (!_knownScopes.Add(scope))
            return;
        var resource = _batch.Scopes.Resources[scope];
        Take(AttributeOwners.Scope, _batch.Scopes.Attributes, scope, scope + 1);
        Take(AttributeOwners.Resource, _batch.Resources.Attributes, resource, resource + 1);
    }

    void Take(AttributeOwners owner, AttributeColumns columns, int first, int end)
    {
        for (var at = first; at < end; at++)
        {
            var range = columns[at];
            foreach (var code in columns.Keys.Values[range.Start..range.End])
            {
                if (_known.Add((owner, code)) && Names.Add(new AttributeKey(owner, _batch.Strings.GetString(code))))
                    plan.Work.TryTake(NameBytes);
            }
        }
    }
}
