namespace Clew.EndToEnd.Tests.Processes;

/// <summary>A test that mounts a small file system, which only root on Linux may do.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !SmallDisk.IsPossible)
            Skip = "Mounting a small tmpfs needs root on Linux and permission to mount.";
    }
}
