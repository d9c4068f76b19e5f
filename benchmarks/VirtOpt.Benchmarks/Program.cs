using BenchmarkDotNet.Running;
using VirtOpt.Benchmarks.Kernels;

// Times the kernels; solution quality is measured by `virtopt bench`.
BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmarks).Assembly).Run(args);
