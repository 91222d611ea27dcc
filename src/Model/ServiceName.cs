namespace Clew.Model;

/// <summary>The name a resource goes by: its <c>service.name</c>, or a stand-in that says what is wrong with it.</summary>
/// <remarks>The stand-ins are those of Jaeger, so that a search for them finds the same spans in both.</remarks>
public static class ServiceName
{
    public const string Missing = "missing-service-name";
    public const string Empty = "empty-service-name";
    public const string WrongType = "service-name-wrong-type";

    /// <summary>The resource attribute that carries it.</summary>
    public const string Key = "service.name";

    public static string Of(SpanBatch batch, int resource)
    {
        if (!batch.Strings.TryFind("service.name"u8, out var key) || !batch.Resources.Attributes.TryFind(resource, key, out var value))
            return Missing;
        if (value.Kind != ValueKind.String)
            return WrongType;
        return value.Code == 0 ? Empty : batch.Strings.GetString(value.Code);
    }
}
