namespace Clew.EndToEnd.Tests.Wire;

internal sealed record OtlpScope(string Name, string Version = "", string SchemaUrl = "")
{
    public static OtlpScope Empty { get; } = new("");

    public OtlpAttribute[] Attributes { get; init; } = [];
}
