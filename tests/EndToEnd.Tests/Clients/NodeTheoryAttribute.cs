using Clew.EndToEnd.Tests.Processes;

namespace Clew.EndToEnd.Tests.Clients;

/// <summary>A theory that needs Node.js. Without it the rows are skipped on a laptop and fail in continuous integration.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute()
    {
        if (NodeProgram.Interpreter is null && !Repository.IsContinuousIntegration)
            Skip = "There is no 'node' on the PATH: install Node.js 20.19 or later to test the JavaScript exporters.";
    }
}
