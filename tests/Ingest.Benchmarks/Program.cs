using BenchmarkDotNet.Running;
using Ingest.Benchmarks;

// "growth" prints time against length; anything else goes to BenchmarkDotNet, for example --filter '*Normaliser*'.
if (args is ["growth", ..])
    Growth.Print();
else
    BenchmarkSwitcher.FromAssembly(typeof(Growth).Assembly).Run(args);
