namespace Clew.Cli.Load.Corpus;

/// <summary>An attribute value that differs in every trace and every time it is sent: a prefix and 16 hexadecimal digits.</summary>
internal readonly record struct UniqueText(string Prefix, ulong Number)
{
    public const int DigitCount = 16;

    public override string ToString() => $"{Prefix}{Number:x16}";
}
