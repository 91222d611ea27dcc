using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Clew.Benchmarks.Samples).Assembly).Run(args);
