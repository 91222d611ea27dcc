namespace Clew.TraceQL;

/// <summary>The types of TraceQL. Int, Float and Duration are one family: they compare and calculate with each other.</summary>
public enum ValueType : byte
{
    Nil = 0,
    Int,
    Float,

    /// <summary>Nanoseconds.</summary>
    Duration,
    Text,
    Bool,
    Status,
    Kind,

    /// <summary>Several values of one type, or the values of several events or links.</summary>
    Array,
}
