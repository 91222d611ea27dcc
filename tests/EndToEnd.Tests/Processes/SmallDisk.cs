using System.Diagnostics;

namespace Clew.EndToEnd.Tests.Processes;

/// <summary>A real file system of a few megabytes (tmpfs), with a ballast file that can be thrown off to make room.</summary>
internal sealed class SmallDisk : IDisposable
{
    readonly TemporaryFolder _mountPoint;
    readonly string _ballast;

    SmallDisk(TemporaryFolder mountPoint, int ballastBytes)
    {
        _mountPoint = mountPoint;
        _ballast = System.IO.Path.Combine(mountPoint.Path, "ballast");
        File.WriteAllBytes(_ballast, new byte[ballastBytes]);
    }

    public static bool IsPossible { get; } = Probe();

    public string Path => _mountPoint.Path;

    public static SmallDisk Mount(int bytes, int ballastBytes)
    {
        var mountPoint = new TemporaryFolder();
        Assert.True(Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", mountPoint.Path), "tmpfs could not be mounted.");
        return new SmallDisk(mountPoint, ballastBytes);
    }

    public void ThrowOffBallast() => File.Delete(_ballast);

    public void Dispose()
    {
        // Lazily, so that a handle which a failed test left open cannot keep the mount.
        Run("umount", "--lazy", Path);
        _mountPoint.Dispose();
    }

    static bool Probe()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        using var folder = new TemporaryFolder();
        return Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.Path) && Run("umount", folder.Path);
    }

    static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
