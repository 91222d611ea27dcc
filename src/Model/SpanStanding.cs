namespace Clew.Model;

/// <summary>What a span's claim about its parent amounts to in the trace at hand.</summary>
public enum SpanStanding : byte
{
    /// <summary>Claims no parent.</summary>
    Root,

    /// <summary>Its parent is here.</summary>
    Child,

    /// <summary>Claims a parent that is not here: not sent, not yet arrived, sampled away, or made up.</summary>
    Orphan,

    /// <summary>Claims to be its own ancestor: cut loose from its parent to break the cycle.</summary>
    Detached,
}
