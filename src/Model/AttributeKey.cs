namespace Clew.Model;

/// <summary>The key of an attribute, and what it hangs on: one of <see cref="AttributeOwners"/>.</summary>
public readonly record struct AttributeKey(AttributeOwners Owner, string Key);
