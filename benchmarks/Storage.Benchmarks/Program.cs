using BenchmarkDotNet.Running;
using Clew.Storage.Benchmarks;

// dotnet run -c Release --project benchmarks/Storage.Benchmarks -- store [spans] [folder] [rows per group]
// dotnet run -c Release --project benchmarks/Storage.Benchmarks -- scans [folder] [spans]
// dotnet run -c Release --project benchmarks/Storage.Benchmarks -- columns data-folder [spans]
// dotnet run -c Release --project benchmarks/Storage.Benchmarks -- searches data-folder
// dotnet run -c Release --project benchmarks/Storage.Benchmarks -- memory data-folder
// dotnet run -c Release --project benchmarks/Storage.Benchmarks -- --inProcess --filter '*'
switch (args)
{
    case ["store", ..]:
        await StorePath.RunAsync(args[1..]);
        break;
    case ["scans", ..]:
        await ScanReport.RunAsync(args[1..]);
        break;
    case ["searches", _]:
        await SearchCost.RunAsync(args[1]);
        break;
    case ["memory", _]:
        SearchMemory.Run(args[1]);
        break;
    case ["columns", ..]:
        ColumnReport.Run(args[1..]);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(StorePath).Assembly).Run(args);
        break;
}
