namespace Clew.EndToEnd.Tests.Wire;

/// <param name="Value">null, <see cref="string"/>, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="byte"/>[], an array as
/// <see cref="object"/>?[], or a map as <see cref="OtlpAttribute"/>[].</param>
internal readonly record struct OtlpAttribute(string Key, object? Value);
