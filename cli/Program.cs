using System.CommandLine;
using CanaryFunctions.Cli.Commands;

var root = new RootCommand("Progressive delivery for Kubernetes: canary releases behind an admission webhook.")
{
    DemoCommand.Create(),
    UpCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
