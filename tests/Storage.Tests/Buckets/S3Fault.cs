namespace Clew.Storage.Tests.Buckets;

/// <summary>What <see cref="FakeS3"/> does to a request instead of answering it well.</summary>
internal enum S3Fault
{
    None,

    /// <summary>500, before anything is done.</summary>
    Error,

    /// <summary>503 SlowDown, before anything is done.</summary>
    SlowDown,

    /// <summary>The connection breaks before anything is done.</summary>
    Reset,

    /// <summary>It is done, and the connection breaks before the answer.</summary>
    ResetAfterwards,

    /// <summary>The answer's body breaks off in the middle.</summary>
    CutBody,

    /// <summary>No answer, until the client goes away.</summary>
    Hang,
}
