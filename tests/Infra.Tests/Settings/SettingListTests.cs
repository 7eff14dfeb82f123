using System.Text.Json;
using System.Text.Json.Nodes;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Platform.Hosting.Settings;
using CanaryFunctions.Platform.Http;
using CanaryFunctions.Platform.Queues.Settings;
using CanaryFunctions.TestKit;

namespace CanaryFunctions.Infra.Tests.Settings;

/// <summary>The one list of settings, against what reads them and what is made from it.</summary>
public sealed class SettingListTests
{
    [Fact]
    public void Page_HasTheTablesOfTheList()
        => Checkout.ShouldHold(SettingDocuments.Page, SettingDocuments.PageText(Checkout.Read(SettingDocuments.Page)));

    [Fact]
    public void ConfigMap_HasTheSettingsOfTheList()
        => Checkout.ShouldHold(SettingDocuments.Manifest, SettingDocuments.ManifestText());

    [Fact]
    public void WhatIsRead_IsInTheList()
    {
        SettingReads.All.Count.ShouldBeGreaterThan(40, "the sources read more than that");
        SettingReads.All.Where(r => !SettingList.All.Any(s => SettingReads.Matches(r.Name, s))).Distinct()
            .ShouldBeEmpty("add it to platform/Hosting/Settings/SettingList.cs");
    }

    [Fact]
    public void List_HasNothingThatNobodyReads()
        => SettingList.All.Where(s => s.Table != SettingTable.FunctionsHost && !SettingReads.Literals.Any(l => SettingReads.Matches(l, s)))
            .SelectMany(s => s.Variables).ShouldBeEmpty();

    [Fact]
    public void Names_AreThereOnce()
    {
        var names = SettingList.All.SelectMany(s => s.Variables).ToList();

        names.Distinct(StringComparer.OrdinalIgnoreCase).Count().ShouldBe(names.Count);
        SettingList.All.Select(s => s.Flag).OfType<string>().ShouldBeUnique();
    }

    [Fact]
    public void ConfigMap_AsItIs_ChangesNothing()
        => Options(ConfigMap()).ShouldBe(Options(new Dictionary<string, string>()), "a value in the list differs from the program's default");

    [Fact]
    public void Secret_IsNotInTheConfigMap()
    {
        var secrets = SettingList.All.Where(s => s.IsSecret).SelectMany(s => s.Variables).ToList();

        secrets.ShouldContain("SLACK_URL");
        ConfigMap().Keys.Intersect(secrets).ShouldBeEmpty();
    }

    [Fact]
    public void Sample_IsOfTheList()
    {
        var sample = JsonNode.Parse(Checkout.Read("local.settings.sample.json")).Map("Values").Keys;
        var known = SettingList.All.SelectMany(s => s.Variables).ToList();

        sample.Except(known).ShouldBeEmpty();
        known.Where(v => v.StartsWith("Canary__", StringComparison.Ordinal)).Concat(SettingList.All.Where(s => s.Table == SettingTable.Common).SelectMany(s => s.Variables))
            .Except(sample).ShouldBeEmpty();
    }

    private static IReadOnlyDictionary<string, string> ConfigMap() => YamlText.Read(Checkout.Read(SettingDocuments.Manifest)).Map("data");

    private static string Options(IReadOnlyDictionary<string, string> variables)
    {
        var configuration = Programs.Configuration(variables);
        var options = SettingsReader.Read(configuration);
        var queue = StepQueueSettings.Read(configuration);
        return JsonSerializer.Serialize(options) + JsonSerializer.Serialize(queue) + HttpCallerSettings.Read(configuration) + Programs.Webhook(configuration);
    }
}
