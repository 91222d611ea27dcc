namespace Clew.Cli.Load.Corpus;

/// <param name="Value">A string, long, double, bool, string[] or <see cref="UniqueText"/>.</param>
internal readonly record struct SpanAttribute(string Key, object Value);
