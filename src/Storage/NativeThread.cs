using System.Runtime.InteropServices;

namespace Clew.Storage;

/// <summary>The standing of threads with the operating system, where the framework's priorities have no effect.</summary>
internal static partial class NativeThread
{
    const int Process = 0;

    /// <summary>Lets the calling thread have what others leave, about. Linux counts niceness per thread; elsewhere <see cref="Thread.Priority"/> has to do.</summary>
    /// <param name="niceness">1 to 19. Going back takes rights that a server does not have.</param>
    public static void YieldToOthers(int niceness)
    {
        if (OperatingSystem.IsLinux())
            _ = setpriority(Process, 0, niceness);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setpriority(int which, uint who, int priority);
}
