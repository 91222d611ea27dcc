namespace Clew.Model;

/// <summary>Where a condition looks for an attribute.</summary>
[Flags]
public enum AttributeOwners
{
    None = 0,
    Span = 1,
    Resource = 2,
    Scope = 4,
    Event = 8,
    Link = 16,
    Any = Span | Resource | Scope | Event | Link,
}
