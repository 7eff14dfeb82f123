using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;

namespace CanaryFunctions.Cluster.Tests.RealParts;

/// <summary>Whether an API server calls the product. It learns of registrations by watches of its own; until then nobody is told of a new Canary, which the next sweep would find.</summary>
/// <param name="person">To the API server, with all rights.</param>
internal sealed class ProductProbe(HttpClient person)
{
    private const string Definition = "canaries.flagger.app";

    // No provider is called so: it is refused where the webhook is asked.
    private const string Nonsense = """
        {"apiVersion":"flagger.app/v1beta1","kind":"Canary","metadata":{"name":"nonsense","namespace":"default"},
         "spec":{"provider":"nonsense","targetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"nonsense"},"service":{"port":80},
         "analysis":{"interval":"10s","threshold":1,"maxWeight":50,"stepWeight":10}}}
        """;

    internal async Task<bool> IsCalledAsync() => await IsAskedAsync() && await ConvertsAsync();

    private async Task<bool> IsAskedAsync()
    {
        using var body = new StringContent(Nonsense, null, "application/json");
        using var answer = await person.PostAsync(new Uri("apis/flagger.app/v1beta1/namespaces/default/canaries?dryRun=All", UriKind.Relative), body);
        return (await answer.Content.ReadAsStringAsync()).Contains("admission webhook", StringComparison.Ordinal);
    }

    private async Task<bool> ConvertsAsync()
    {
        var definition = JsonNode.Parse(await person.GetStringAsync(new Uri($"apis/apiextensions.k8s.io/v1/customresourcedefinitions/{Definition}", UriKind.Relative)));
        return definition.Text("spec", "conversion", "strategy") == "Webhook";
    }
}
