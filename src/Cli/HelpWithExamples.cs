using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Clew.Cli;

/// <summary>The usual help, and below it what people actually type.</summary>
internal sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
{
    static readonly string[] RootExamples =
    [
        "clew demo                      four instrumented systems, live in the browser",
        "clew load                      how much a server on this machine can take",
        "clew serve                     receive traces on the standard OTLP ports",
        "clew search --since 1h         what happened lately",
        "clew query 'service=kv-cache duration>5ms | rate() by (name)'",
        "clew tail error=true           failed spans, as they come in",
        "clew trace 4bf92f3577b34da6a3ce929d0e0e4736",
    ];

    public override bool Terminating => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = standard.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in (parseResult.CommandResult.Command as CommandWithExamples)?.Examples ?? RootExamples)
            output.WriteLine("  " + example);
        return code;
    }
}
