namespace Clew.Storage.Files;

/// <summary>Tells apart the failures of a disk that the store treats differently.</summary>
internal static class DiskErrors
{
    const int NoSpace = 28, QuotaOnLinux = 122, QuotaOnMac = 69;
    const int WindowsDiskFull = unchecked((int)0x80070070), WindowsHandleDiskFull = unchecked((int)0x80070027);

    const int WouldBlockOnLinux = 11, WouldBlockElsewhere = 35;
    const int WindowsSharingViolation = unchecked((int)0x80070020), WindowsLockViolation = unchecked((int)0x80070021);

    /// <summary>Somebody else has the file open, and shares it with nobody.</summary>
    public static bool IsHeldByAnother(IOException failure) => OperatingSystem.IsWindows()
        ? failure.HResult is WindowsSharingViolation or WindowsLockViolation
        : failure.HResult == (OperatingSystem.IsLinux() ? WouldBlockOnLinux : WouldBlockElsewhere);

    /// <summary>No space, or no quota: the system's own number is in <see cref="Exception.HResult"/>.</summary>
    public static bool IsFull(IOException failure) => failure is DiskFullException
        || (OperatingSystem.IsWindows()
            ? failure.HResult is WindowsDiskFull or WindowsHandleDiskFull
            : IsFull(failure.HResult));

    public static bool IsFull(int errno) => errno == NoSpace || errno == (OperatingSystem.IsLinux() ? QuotaOnLinux : QuotaOnMac);
}
