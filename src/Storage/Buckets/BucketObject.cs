namespace Clew.Storage.Buckets;

/// <summary>An object as a listing shows it.</summary>
internal readonly record struct BucketObject(string Key, long LengthBytes);
