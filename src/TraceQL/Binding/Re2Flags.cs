namespace Clew.TraceQL.Binding;

/// <summary>What a pattern can switch on and off inside.</summary>
[Flags]
enum Re2Flags : byte
{
    None = 0,
    IgnoreCase = 1,
    Multiline = 2,
    DotMatchesNewline = 4,

    /// <summary>Repetitions take as little as they can, which makes no difference to whether all of a text matches.</summary>
    Ungreedy = 8,
}
