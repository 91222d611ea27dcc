using Clew.Model;

namespace Clew.Analysis;

/// <summary>The other side of a call, as far as a span's attributes name it; bound to one batch, so that keys are looked up once.</summary>
/// <remarks>Source: the OpenTelemetry specification, "OpenTelemetry to Zipkin", section Remote endpoint. An address is followed by its port where there is one.</remarks>
public sealed class PeerNames
{
    // In order of rank: the first that is there names the peer.
    static readonly (string Key, string PortKey)[] Names =
    [
        ("peer.service", ""), ("server.address", ""), ("net.peer.name", ""), ("network.peer.address", "network.peer.port"), ("server.socket.domain", ""),
        ("server.socket.address", "server.socket.port"), ("net.sock.peer.name", ""), ("net.sock.peer.addr", "net.sock.peer.port"), ("peer.hostname", ""),
        ("peer.address", ""), ("db.name", ""),
    ];

    readonly SpanBatch _batch;
    readonly int[] _keys;
    readonly int[] _portKeys;
    readonly bool _hasAny;

    public PeerNames(SpanBatch batch)
    {
        _batch = batch;
        _keys = Array.ConvertAll(Names, name => CodeOf(name.Key));
        _portKeys = Array.ConvertAll(Names, name => CodeOf(name.PortKey));
        _hasAny = Array.Exists(_keys, key => key >= 0);
    }

    /// <summary>
    /// The name under which the caller knows whom it calls. Spans that call nobody are asked for <c>peer.service</c> alone: with them the other attributes tell about
    /// the span's own side.
    /// </summary>
    /// <returns>Null when the span does not say.</returns>
    public string? NameOf(int row)
    {
        if (!_hasAny)
            return null;
        var attributes = _batch.Spans.Attributes;
        var ranks = _batch.Spans.Kinds[row] is SpanKind.Client or SpanKind.Producer ? _keys : _keys.AsSpan(0, 1);
        var rows = attributes[row];
        var (rank, found) = (ranks.Length, -1);
        for (var at = rows.Start; at < rows.End; at++)
        {
            var other = ranks.IndexOf(attributes.Keys[at]);
            if (other >= 0 && other < rank && attributes.Values[at] is not { Kind: ValueKind.String, Code: 0 })
                (rank, found) = (other, at);
        }

        if (found < 0)
            return null;
        var name = ValueText.Format(_batch, attributes.Values[found]);
        if (name.Length == 0)
            return null;
        return _portKeys[rank] >= 0 && attributes.TryFind(row, _portKeys[rank], out var port) ? $"{name}:{ValueText.Format(_batch, port)}" : name;
    }

    int CodeOf(string key) => key.Length > 0 && _batch.Strings.TryFind(key, out var code) ? code : -1;
}
