using System.Globalization;
using BenchmarkDotNet.Running;
using VirtOpt.Benchmarks.Forecasting;
using VirtOpt.Benchmarks.Kernels;
using VirtOpt.Benchmarks.Libvirt;
using VirtOpt.Benchmarks.Monitoring;
using VirtOpt.Benchmarks.Plans;
using VirtOpt.Benchmarks.Search;

// Times the kernels; with the word plans measures migration plans, with the word ablation what the parts of the engine are worth, with the word plain what a
// model that tells all VMs apart reaches, with the word monitor what sampling costs, with the word forecast what training and forecasting cost, with the word
// chance how planning by forecasts keeps the odds that it is given, with the word libvirt how long snapshots and migrations take on the libvirt lab (as root,
// in the repository's root). The quality of placements is measured by
// `virtopt bench`.
if (args is ["plans", "instances", var folder, var format]) InstanceLedger.Run(folder, format);
else if (args is ["plans", ..]) PlanLedger.Run(args[1..]);
else if (args is ["ablation", var data, var work]) AblationLedger.Run(data, double.Parse(work, CultureInfo.InvariantCulture));
else if (args is ["plain", var gibibytes]) PlainLedger.Run(double.Parse(gibibytes, CultureInfo.InvariantCulture));
else if (args is ["monitor", var domains, var rounds]) MonitorCost.Run(domains, rounds);
else if (args is ["libvirt", var guests, var times]) LibvirtFigures.Run(guests, times);
else if (args is ["forecast", var series, var vms]) ForecastCost.Run(series, vms);
else if (args is ["chance", var datasets, var days, var seconds, .. var words])
    PlanByForecast.Run(datasets, int.Parse(days, CultureInfo.InvariantCulture), double.Parse(seconds, CultureInfo.InvariantCulture), string.Join(' ', words));
else BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmarks).Assembly).Run(args);
