using Clew.EndToEnd.Tests.Processes;

namespace Clew.EndToEnd.Tests.Browser;

/// <summary>A test that needs Chromium. Without it the test is skipped on a laptop and fails in continuous integration.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.ExecutablePath is null && !Repository.IsContinuousIntegration)
            Skip = "There is no Chromium: install it, for example with 'apt-get install chromium'.";
    }
}
