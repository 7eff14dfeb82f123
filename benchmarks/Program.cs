using BenchmarkDotNet.Running;
using CanaryFunctions.Benchmarks;
using CanaryFunctions.Benchmarks.ColdStart;

switch (args)
{
    case ["admission", .. var options]:
        return await AdmissionLoad.RunAsync(LoadOptions.Parse(options));
    case ["cold-start", .. var options]:
        return await ColdStartCommand.RunAsync(options, Console.Out, CancellationToken.None);
    case ["serve"]:
        await WebhookProcess.RunAsync();
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(AdmissionBenchmarks).Assembly).Run(args);
        return 0;
}
