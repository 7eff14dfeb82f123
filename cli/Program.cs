using System.CommandLine;
using CanaryFunctions.Cli.Commands;

var root = new RootCommand("Progressive delivery for Kubernetes: canary releases behind an admission webhook.")
{
    DemoCommand.Create(),
    UpCommand.Create(),
    RunCommand.Create(),
    UninstallCommand.Create(),
};

// Long enough for a webhook that is drained; without it, a command would be cut off two seconds after the signal.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
