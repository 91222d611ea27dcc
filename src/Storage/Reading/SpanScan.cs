using Clew.Model;

namespace Clew.Storage.Reading;

/// <summary>Copies the spans that a scan asks for into batches of a bounded size, which then belong to whoever takes them.</summary>
internal sealed class SpanScan(TimeRange starts, TraceId first, TraceId last)
{
    const int SpanCountMax = 4_096;

    SpanCopier _copier = new(new SpanBatch());

    /// <summary>Takes what is asked for out of a batch; answers with the batches that became full.</summary>
    public IEnumerable<SpanBatch> Take(SpanBatch batch)
    {
        for (var row = 0; row < batch.SpanCount; row++)
        {
            var id = batch.Spans.TraceIds[row];
            if (id < first || id > last || !starts.Contains(batch.Spans.Starts[row]))
                continue;
            _copier.Copy(batch, row);
            if (_copier.Target.SpanCount < SpanCountMax)
                continue;
            var full = _copier.Target;
            _copier = new SpanCopier(new SpanBatch());
            yield return full;
        }

        _copier.ForgetSources();
    }

    /// <summary>What is left at the end; null when nothing is.</summary>
    public SpanBatch? TakeRest() => _copier.Target.SpanCount > 0 ? _copier.Target : null;
}
