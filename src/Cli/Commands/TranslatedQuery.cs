namespace Clew.Cli.Commands;

/// <param name="Text">Canonical TraceQL.</param>
/// <param name="IsTranslated">It was typed in the simple form.</param>
/// <param name="Answers"><c>traces</c> or <c>metrics</c>.</param>
internal sealed record TranslatedQuery(string Text, bool IsTranslated, string Answers);
