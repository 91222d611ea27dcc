namespace Clew.Storage.Columns;

/// <summary>The parts of spans that can be read one without the other. Trace ids and starts are always read.</summary>
[Flags]
internal enum SpanParts
{
    Core = 0,
    Ids = 1,
    Ends = 2,
    Scopes = 4,
    Names = 8,
    Kinds = 16,
    Statuses = 32,
    Attributes = 64,
    Events = 128,
    Links = 256,

    /// <summary>What no condition asks for: flags, trace state, status message, dropped counts.</summary>
    Rest = 512,
    All = 1_023,

    /// <summary>What needs the nested values first, and costs as much as all the others together.</summary>
    WithValues = Attributes | Events | Links,
}
