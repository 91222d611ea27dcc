namespace Clew.TraceQL;

/// <summary>Other queries have all memory that queries may have together, and what is left is too little for any answer. The same query may be answered in a moment.</summary>
public sealed class NoMemoryException() : Exception("Other queries have all the memory that queries may have together.");
