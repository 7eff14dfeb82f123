using CanaryFunctions.Cli.Scenarios;

namespace CanaryFunctions.Scenario.Tests.Guides;

public sealed class GuideScriptTests
{
    [Fact]
    public void Scripts_AreSorted_AndThereIsOneForEachFolderOfExamples()
    {
        var folders = Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "examples"))
            .Where(folder => Directory.EnumerateFiles(folder).Any(file => char.IsAsciiDigit(Path.GetFileName(file)[0])))
            .Select(folder => Path.GetFileName(folder));

        Cli.Guides.Names.ShouldBe(Cli.Guides.Names.Order(StringComparer.Ordinal));
        Cli.Guides.Names.Select(Cli.Guides.FolderOf).ShouldBe(folders, ignoreOrder: true);
    }

    [Fact]
    public void Images_OfAScript_AreThoseOfItsObjects_InOtherTags()
    {
        foreach (var script in GuideScript.All)
        {
            var first = new GuideCase(script.Provider) { Split = default, ShareOf = _ => 0, Generated = [] }.FirstTag;
            new[] { first, script.GoodTag, script.BadTag }.ShouldBeUnique($"{script.Provider}: the same image is no release");
        }
    }

    [Fact]
    public void UnknownProvider_IsRefused_NamingThoseThatThereAre()
        => Should.Throw<ArgumentException>(() => GuideScript.Of("istio")).Message.ShouldContain("provider: 'istio' has no guide; use one of: gloo, linkerd, skipper, smi:istio, traefik.");
}
