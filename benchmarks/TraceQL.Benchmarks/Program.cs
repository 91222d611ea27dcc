using BenchmarkDotNet.Running;
using Clew.TraceQL.Benchmarks;

// dotnet run -c Release --project benchmarks/TraceQL.Benchmarks -- queries data-folder [times]
// dotnet run -c Release --project benchmarks/TraceQL.Benchmarks -- --inProcess --filter '*'
if (args is ["queries", ..])
    await QueryReport.RunAsync(args[1..]);
else
    BenchmarkSwitcher.FromAssembly(typeof(QueryReport).Assembly).Run(args);
