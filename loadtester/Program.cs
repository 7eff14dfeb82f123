using System.Runtime.InteropServices;
using CanaryFunctions.LoadTester;
using CanaryFunctions.LoadTester.Flags;

LoadTesterOptions options;
try
{
    options = ProgramFlags.Parse(args);
    options.Validate();
}
catch (Exception e) when (e is GoFlagException or ArgumentException)
{
    Console.Error.WriteLine(e.Message);
    return e is GoFlagException { IsHelp: true } ? 0 : 2;
}

var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    await using var server = await LoadTesterServer.StartAsync(options, CancellationToken.None);
    await ended.Task;
    return 0;
}
catch (IOException e)
{
    Console.Error.WriteLine($"-port: '{options.Port}' cannot be listened on: {e.Message}");
    return 1;
}

void End(PosixSignalContext context)
{
    context.Cancel = true;
    ended.TrySetResult();
}
