using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Clew.Otlp.Benchmarks.Samples).Assembly).Run(args);
