using System.Globalization;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.TestKit.Programs;

namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary><c>canary run</c> as a process of its own, outside the cluster, under the service account of infra/kustomize/outside.</summary>
internal sealed class ProductProcess : IAsyncDisposable
{
    private const string Definition = "canaries.flagger.app";

    // No provider is called so: it is refused where the webhook is asked.
    private const string Nonsense = """
        {"apiVersion":"flagger.app/v1beta1","kind":"Canary","metadata":{"name":"nonsense","namespace":"default"},
         "spec":{"provider":"nonsense","targetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"nonsense"},"service":{"port":80},
         "analysis":{"interval":"10s","threshold":1,"maxWeight":50,"stepWeight":10}}}
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    private ProductProcess(ChildProcess process) => _process = process;

    /// <summary>For tests that kill it.</summary>
    internal ChildProcess Process => _process;

    /// <summary>Starts it and waits until the API server calls it.</summary>
    /// <param name="folder">Gets its kubeconfig and its log.</param>
    /// <param name="kubeconfig">Text of the service account's kubeconfig.</param>
    /// <param name="settings">By the variables' names.</param>
    /// <param name="person">To the API server, with all rights.</param>
    internal static async Task<ProductProcess> StartAsync(string folder, string kubeconfig, IReadOnlyDictionary<string, string> settings, HttpClient person)
    {
        var file = Path.Combine(folder, "product.kubeconfig");
        await File.WriteAllTextAsync(file, kubeconfig);
        var process = ChildProcess.Start(
            ProgramPath.Get("dotnet"), [Path.Combine(AppContext.BaseDirectory, "canary.dll"), "run", "--kubeconfig", file], Path.Combine(folder, "product.log"), settings);
        var product = new ProductProcess(process);
        try
        {
            await product.ServesAsync(person);
            return product;
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
    }

    /// <summary>The end of its log.</summary>
    internal IReadOnlyList<string> Tail(int lines = 15) => _process.Tail(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // An API server learns of registrations by watches of its own. Until then nobody is told of a new Canary, which the next sweep would find.
    private async Task ServesAsync(HttpClient person)
    {
        var deadline = TimeProvider.System.GetUtcNow() + StartLimit;
        while (TimeProvider.System.GetUtcNow() < deadline && !_process.HasExited)
        {
            if (await IsAskedAsync(person) && await ConvertsAsync(person))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"canary run does not serve after {StartLimit.TotalSeconds} s.\n{_process.Tail()}"));
    }

    private static async Task<bool> IsAskedAsync(HttpClient person)
    {
        using var body = new StringContent(Nonsense, null, "application/json");
        using var answer = await person.PostAsync(new Uri("apis/flagger.app/v1beta1/namespaces/default/canaries?dryRun=All", UriKind.Relative), body);
        return (await answer.Content.ReadAsStringAsync()).Contains("admission webhook", StringComparison.Ordinal);
    }

    private static async Task<bool> ConvertsAsync(HttpClient person)
    {
        var definition = JsonNode.Parse(await person.GetStringAsync(new Uri($"apis/apiextensions.k8s.io/v1/customresourcedefinitions/{Definition}", UriKind.Relative)));
        return definition.Text("spec", "conversion", "strategy") == "Webhook";
    }
}
