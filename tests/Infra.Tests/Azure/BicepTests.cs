using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using CanaryFunctions.Core.Ports;
using CanaryFunctions.Infra.Tests.Settings;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Queues;
using CanaryFunctions.Platform.Queues.Settings;

namespace CanaryFunctions.Infra.Tests.Azure;

/// <summary>infra/azure agrees with the code: names, settings, properties. It was not compiled and not deployed: there is no Bicep and no Azure here.</summary>
public sealed partial class BicepTests
{
    // Of the platform, not of ours: the Functions app settings reference.
    private static readonly string[] OfThePlatform = ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "FUNCTIONS_EXTENSION_VERSION", "WEBSITE_RUN_FROM_PACKAGE"];

    public static TheoryData<string> Files => [.. BicepFile.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void File_ClosesWhatItOpens_AndUsesWhatItDeclares(string name)
    {
        var file = BicepFile.Of(name);

        file.Unclosed().ShouldBeEmpty();
        file.Declared.Where(d => d.Kind is "param" or "var" && !file.Uses(d.Symbol)).ShouldBeEmpty();
        file.Types.ShouldAllBe(t => TypeAndVersion().IsMatch(t));
    }

    [Fact]
    public void Modules_GetTheParametersThatTheyNeed()
    {
        var modules = BicepFile.All.SelectMany(f => f.Modules).ToList();

        modules.Select(m => m.File).Order(StringComparer.Ordinal).ShouldBe(BicepFile.All.Select(f => f.Name).Except(["main.bicep"]));
        foreach (var (file, parameters) in modules)
        {
            BicepFile.Of(file).Needed.Order(StringComparer.Ordinal).ShouldBe(parameters.Order(StringComparer.Ordinal), file);
        }
    }

    [Fact]
    public void Versions_AreTheSameForOneProvider()
        => BicepFile.All.SelectMany(f => f.Types).Select(t => t.Split('@')).GroupBy(t => string.Join('/', t[0].Split('/')[..2]), t => t[1])
            .Where(g => g.Distinct().Count() > 1).Select(g => g.Key).ShouldBeEmpty();

    [Fact]
    public void Queues_AreThoseOfTheCode_EachWithItsPoisonQueue()
    {
        var main = BicepFile.Of("main.bicep").Text;
        var names = Quoted().Matches(QueueList().Match(main).Groups[1].Value).Select(m => m.Groups[1].Value).ToList();

        names.ShouldBe(QueueNames.All);
        main.ShouldContain($"map(queues, each => '{PoisonQueue.For("${each}")}')");
    }

    [Fact]
    public void Queues_HaveThePropertiesThatTheClientAssumes()
    {
        var bus = BicepFile.Of("servicebus.bicep");
        var settings = StepQueueSettings.Read(Programs.Configuration(new Dictionary<string, string>()));

        bus.Property("requiresDuplicateDetection").ShouldBe(settings.DuplicateDetection ? "true" : "false");
        Duration(bus, "duplicateDetectionHistoryTimeWindow").ShouldBe(TimeSpan.FromMinutes(10), "docs/adr/0013-queues-over-rest.md");
        int.Parse(bus.Property("maxDeliveryCount"), CultureInfo.InvariantCulture).ShouldBeGreaterThan(settings.MaxDeliveries, "ours must come first: only that keeps the reason");
        bus.Property("enablePartitioning").ShouldBe("false");
        bus.Property("requiresSession").ShouldBe("false");
        Duration(bus, "lockDuration").ShouldBeInRange(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));
        bus.Property("tier").ShouldNotBe("'Basic'");
    }

    [Theory]
    [InlineData("servicebus", StepQueueKind.ServiceBus)]
    [InlineData("storage", StepQueueKind.Storage)]
    public void AppSettings_AreUnderstoodByTheProgram(string queue, StepQueueKind kind)
    {
        var names = AppSetting().Matches(BicepFile.Of("functionapp.bicep").Text).Select(m => m.Groups[1].Value.Trim('\'')).ToList();
        var known = SettingList.All.SelectMany(s => s.Variables).ToList();
        var values = names.ToDictionary(n => n, n => n switch
        {
            "Canary__Queue" => queue,
            "ServiceBus__fullyQualifiedNamespace" => "name.servicebus.windows.net",
            _ when n.EndsWith("__credential", StringComparison.Ordinal) => "managedidentity",
            _ => "value",
        });

        names.Except(known).Except(OfThePlatform).ShouldBeEmpty("no such setting");
        names.ShouldContain("AzureWebJobs.SweepRollouts.Disabled");
        StepQueueSettings.Read(Programs.Configuration(values)).Kind.ShouldBe(kind);
    }

    [Fact]
    public void Roles_AreGivenByTheirIds()
    {
        var ids = BicepFile.All.SelectMany(f => Guid().Matches(f.Text)).Select(m => m.Value).ToList();

        // Built-in roles, by the page "Azure built-in roles".
        ids.Distinct().Order(StringComparer.Ordinal).ShouldBe(
        [
            "090c5cfd-751d-490a-894a-3ce6f1109419",
            "19e7f393-937e-4f77-808e-94535e297925",
            "3913510d-42f4-4e42-8a64-420c390055eb",
            "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
            "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
            "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
            "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
            "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        ]);
        BicepFile.Of("main.bicep").Text.ShouldContain("'system:serviceaccount:flagger-system:flagger'");
    }

    private static TimeSpan Duration(BicepFile file, string property) => XmlConvert.ToTimeSpan(file.Property(property).Trim('\''));

    [GeneratedRegex(@"^Microsoft\.\w+(/\w+)+@20\d\d-\d\d-\d\d$")]
    private static partial Regex TypeAndVersion();

    [GeneratedRegex(@"^var queues = \[(.*)\]$", RegexOptions.Multiline)]
    private static partial Regex QueueList();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^  ('?[A-Z]\w+(?:\.\w+)*'?|[A-Z]\w*__\w+): ", RegexOptions.Multiline)]
    private static partial Regex AppSetting();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Guid();
}
