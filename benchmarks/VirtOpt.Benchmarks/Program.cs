using BenchmarkDotNet.Running;
using VirtOpt.Benchmarks.Kernels;
using VirtOpt.Benchmarks.Plans;

// Times the kernels, or, with the word plans, measures migration plans; the quality of placements is measured by `virtopt bench`.
if (args is ["plans", "instances", var folder, var format]) InstanceLedger.Run(folder, format);
else if (args is ["plans", ..]) PlanLedger.Run(args[1..]);
else BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmarks).Assembly).Run(args);
