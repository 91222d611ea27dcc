using System.Globalization;
using System.Text;
using Clew.Model;

namespace Clew.TraceQL.Metrics;

/// <summary>For how many spans a sampled one stands, by what its trace state says of the threshold it was sampled with (<c>ot=th:…</c>). For one thread.</summary>
/// <remarks>Source: OpenTelemetry, "TraceState: Probability Sampling". The threshold is a fraction of 2^56, with trailing zeros left out; what passed it is kept.</remarks>
internal sealed class SpanWeight
{
    const double Whole = 1L << 56;

    readonly Dictionary<int, double> _known = [];
    SpanBatch _batch = new();

    public void Open(SpanBatch batch)
    {
        if (_batch.Strings != batch.Strings)
            _known.Clear();
        _batch = batch;
    }

    public double Of(int row)
    {
        var state = _batch.Spans.TraceStates[row];
        if (state == 0)
            return 1;
        if (!_known.TryGetValue(state, out var weight))
            _known.Add(state, weight = Of(Encoding.UTF8.GetString(_batch.Strings[state])));
        return weight;
    }

    internal static double Of(string traceState)
    {
        foreach (var member in traceState.Split(','))
        {
            if (member.Trim() is not ['o', 't', '=', .. var entries])
                continue;
            foreach (var entry in entries.Split(';'))
            {
                if (entry is ['t', 'h', ':', .. { Length: >= 1 and <= 14 } digits]
                    && ulong.TryParse(digits.PadRight(14, '0'), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var threshold))
                    return Whole / (Whole - threshold);
            }
        }

        return 1;
    }
}
