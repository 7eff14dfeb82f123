using System.Globalization;
using CanaryFunctions.Cli.Playground;
using CanaryFunctions.Core.Routing;
using Spectre.Console;

namespace CanaryFunctions.Cli.Output;

/// <summary>Tells a person what happens, a line each, with its time. Colours and bars where there is a terminal, the same words without it.</summary>
internal sealed class Narrator(IAnsiConsole console, TimeProvider time)
{
    private const int BarWidth = 20;

    // A pipe has no width: a line stays one line there, for grep and logs.
    private const int PipeWidth = 2000;

    private readonly Lock _gate = new();

    /// <summary>Colours on a terminal, plain lines anywhere else.</summary>
    internal static Narrator OnStandardOutput()
    {
        var isPlain = Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new()
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        if (isPlain)
        {
            console.Profile.Width = PipeWidth;
        }

        return new(console, TimeProvider.System);
    }

    internal void Title(string text) => Write($"\n[bold]{Markup.Escape(text)}[/]\n");

    internal void Note(string text) => Write($"[grey]{Markup.Escape(text)}[/]\n");

    /// <summary>A command that a user would type.</summary>
    internal void Command(string text) => Write($"[bold aqua]$ {Markup.Escape(text)}[/]\n");

    /// <summary>A Kubernetes event.</summary>
    internal void Event(string type, string reason, string message, int count)
    {
        var colour = type == "Warning" ? "yellow" : reason is "Promoted" or "Initialized" ? "green" : "default";
        var times = count > 1 ? $" (x{count})" : "";
        Write($"{Now()}  [{colour}]{type,-7}[/]  [{colour}]{Markup.Escape(message)}{times}[/]\n");
    }

    /// <summary>How the traffic is split now.</summary>
    internal void Weights(string canary, TrafficSplit split)
    {
        var filled = (int)Math.Round(split.Canary * BarWidth / 100.0);
        Write($"{Now()}  weights  [blue]{new string('█', BarWidth - filled)}[/][yellow]{new string('░', filled)}[/] "
            + $"primary {split.Primary} / canary {split.Canary}  [grey]{Markup.Escape(canary)}[/]\n");
    }

    internal void Chat(ChatMessage message)
    {
        var facts = message.Facts.Count == 0 ? "" : $" [grey]({Markup.Escape(string.Join(", ", message.Facts))})[/]";
        Write($"{Now()}  {message.Service,-7}  [magenta]✉ {Markup.Escape(message.Subject)}: {Markup.Escape(message.Text)}[/]{facts}\n");
    }

    internal void Success(string text) => Write($"[bold green]✔ {Markup.Escape(text)}[/]\n");

    internal void Failure(string text) => Write($"[bold red]✘ {Markup.Escape(text)}[/]\n");

    private string Now() => $"[grey]{time.GetLocalNow().ToString("HH:mm:ss.f", CultureInfo.InvariantCulture)}[/]";

    private void Write(string markup)
    {
        lock (_gate)
        {
            console.Markup(markup);
        }
    }
}
