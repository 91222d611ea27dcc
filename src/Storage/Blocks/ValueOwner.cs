namespace Clew.Storage.Blocks;

/// <summary>What the values of a row group's attribute column hang on.</summary>
internal enum ValueOwner : byte
{
    Span,
    Event,
    Link,
}
