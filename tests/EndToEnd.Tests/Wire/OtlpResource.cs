namespace Clew.EndToEnd.Tests.Wire;

internal sealed record OtlpResource(OtlpAttribute[] Attributes, string SchemaUrl = "")
{
    public static OtlpResource OfService(string name) => new([new("service.name", name)]);
}
