using Clew.Model;

namespace Clew.TraceQL.Operators.Fields;

/// <summary>A field expression made ready to be worked out, span after span. For one thread.</summary>
internal abstract class SpanField
{
    /// <summary>Says which query asks: what takes long ends with it. Without effect on expressions that take no time.</summary>
    public virtual void WorkFor(ReadMeter meter)
    {
    }

    /// <summary>Says which batch rows are of from here on.</summary>
    public virtual void Open(SpanBatch batch)
    {
    }

    /// <summary>Says which trace rows are of from here on; only for expressions that ask for the whole trace.</summary>
    public virtual void Enter(TraceView trace)
    {
    }

    /// <summary>The value for a span.</summary>
    public abstract Cell Of(int row);

    /// <summary>Whether the value is the Bool true.</summary>
    public virtual bool Holds(int row) => Of(row).IsTrue;
}
