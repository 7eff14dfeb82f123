using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Core.Tests.Admission;

/// <summary>The examples, and so the guides, get in; only what a guide itself gets wrong is warned of.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Files { get; } =
        [.. Directory.GetFiles(Root(), "*.yaml", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root(), f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Example_OfOurKinds_IsAccepted(string file)
    {
        foreach (var obj in YamlText.ReadAll(File.ReadAllText(Path.Combine(Root(), file))).OfType<JsonObject>())
        {
            if (obj.Text("apiVersion")?.StartsWith(Kinds.FlaggerGroup, StringComparison.Ordinal) == true)
            {
                var answer = KubectlApply.Answer(obj, null, new(), new() { MeshProvider = MeshProviderOf(file) });

                answer.ShouldEndWith(" created\n", customMessage: answer);
                answer.Contains("Warning", StringComparison.Ordinal).ShouldBe(file == "gloo/metrictemplate-literal.yaml", answer);
            }
        }
    }

    // What the guide has the reader install it with.
    private static string MeshProviderOf(string file) => file.Split('/')[0] is "smi-istio" ? "smi:istio" : file.Split('/')[0];

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "examples"));
}
