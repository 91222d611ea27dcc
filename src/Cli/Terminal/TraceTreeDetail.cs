namespace Clew.Cli.Terminal;

/// <summary>What a tree tells about each span besides its line.</summary>
internal sealed record TraceTreeDetail(bool HasEvents = false, bool HasAttributes = false);
