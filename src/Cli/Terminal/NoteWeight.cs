namespace Clew.Cli.Terminal;

/// <summary>How much a note about a span matters.</summary>
internal enum NoteWeight
{
    Detail,
    Warning,
    Error,
}
