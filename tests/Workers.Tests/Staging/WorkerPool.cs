using System.Globalization;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Workers.Tests.Staging;

/// <summary>The real <c>functions</c> program, several times. Each slot has one life after the other.</summary>
internal sealed class WorkerPool : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("canary-workers-");
    private readonly Func<string, IReadOnlyDictionary<string, string>> _settings;
    private readonly string _kubeconfig;
    private readonly ChildProcess?[] _processes;
    private readonly int[] _lives;
    private readonly List<(string Worker, DateTimeOffset At)> _kills = [];

    /// <param name="kubeconfig">The file's text.</param>
    /// <param name="settings">Environment of a life, by its name.</param>
    internal WorkerPool(int count, string kubeconfig, Func<string, IReadOnlyDictionary<string, string>> settings)
    {
        (_settings, _processes, _lives) = (settings, new ChildProcess?[count], new int[count]);
        _kubeconfig = Path.Combine(_folder.FullName, "kubeconfig");
        File.WriteAllText(_kubeconfig, kubeconfig);
    }

    internal int Count => _processes.Length;

    /// <summary>When which life was ended.</summary>
    internal IReadOnlyList<(string Worker, DateTimeOffset At)> Kills => _kills;

    internal void StartAll()
    {
        for (var slot = 0; slot < Count; slot++)
        {
            Start(slot);
        }
    }

    /// <summary>SIGKILL, and at once another one in its place.</summary>
    internal async Task KillAsync(int slot)
    {
        var dying = _processes[slot]!;
        await dying.KillAsync();
        _kills.Add((NameOf(slot), TimeProvider.System.GetUtcNow()));
        await dying.DisposeAsync();
        Start(slot);
    }

    /// <summary>SIGTERM; gives the exit codes.</summary>
    internal Task<int[]> StopAllAsync() => Task.WhenAll(_processes.Select(p => p!.StopAsync(TimeSpan.FromSeconds(20))));

    /// <summary>What all of them wrote, oldest life first.</summary>
    internal IReadOnlyList<string> Log() => [.. _folder.GetFiles("*.log").OrderBy(f => f.Name, StringComparer.Ordinal).SelectMany(f => Read(f.FullName))];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await (process?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _folder.Delete(recursive: true);
    }

    private void Start(int slot)
    {
        _lives[slot]++;
        var name = NameOf(slot);
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "CanaryFunctions.Functions.dll"), $"--kubeconfig={_kubeconfig}"];
        _processes[slot] = ChildProcess.Start(ProgramPath.Get("dotnet"), arguments, Path.Combine(_folder.FullName, $"{name}.log"), _settings(name));
    }

    private string NameOf(int slot) => string.Create(CultureInfo.InvariantCulture, $"worker-{slot}-{_lives[slot]:00}");

    private static IEnumerable<string> Read(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0).Select(line => $"{Path.GetFileNameWithoutExtension(file)} {line}")];
    }
}
