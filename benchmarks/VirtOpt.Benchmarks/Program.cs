using BenchmarkDotNet.Running;
using VirtOpt.Benchmarks.Kernels;
using VirtOpt.Benchmarks.Monitoring;
using VirtOpt.Benchmarks.Plans;

// Times the kernels, or, with the word plans, measures migration plans, with the word monitor what sampling costs; the quality of placements is measured by `virtopt bench`.
if (args is ["plans", "instances", var folder, var format]) InstanceLedger.Run(folder, format);
else if (args is ["monitor", var domains, var rounds]) MonitorCost.Run(domains, rounds);
else if (args is ["plans", ..]) PlanLedger.Run(args[1..]);
else BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmarks).Assembly).Run(args);
