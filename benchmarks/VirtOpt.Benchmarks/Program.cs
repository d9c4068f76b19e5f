using BenchmarkDotNet.Running;
using VirtOpt.Benchmarks.Quality;

// "quality" writes the ledger of solution quality; everything else goes to BenchmarkDotNet, which times kernels.
if (args is ["quality", .. string[] rest]) return QualityLedger.Run(rest);
BenchmarkSwitcher.FromAssembly(typeof(QualityLedger).Assembly).Run(args);
return 0;
