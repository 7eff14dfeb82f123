using System.Text.RegularExpressions;

namespace CanaryFunctions.Architecture.Tests;

/// <summary>The repository builds anywhere: it says nothing of the machine that it was written on.</summary>
public sealed partial class TrackedFileTests
{
    private static readonly string[] Binary = [".png", ".ico", ".gif", ".jpg", ".pdf", ".woff2"];

    [Fact]
    public void Files_NameNoFolderOfAMachine()
        => Matches(MachinePath()).ShouldBeEmpty();

    [Fact]
    public void Files_NameNoPackageSource()
    {
        Repository.Files.Where(f => Path.GetFileName(f).Equals("nuget.config", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty("package sources are the machine's own setting");
        Matches(PackageSource()).ShouldBeEmpty();
    }

    [Fact]
    public void Files_HoldNoPrivateKeyOrToken()
        => Matches(Secret()).Where(m => !m.StartsWith("tests/", StringComparison.Ordinal)).ShouldBeEmpty();

    [Theory]
    [InlineData("/home/jo/src/canary", true)]
    [InlineData("C:\\Users\\jo\\canary", true)]
    [InlineData("/home", false)]
    [InlineData("http://example.com/home/page", false)]
    public void MachinePath_IsTold(string text, bool isOne)
        => MachinePath().IsMatch(text).ShouldBe(isOne);

    private static IReadOnlyList<string> Matches(Regex pattern) =>
    [
        .. Repository.Files.Where(f => !Binary.Contains(Path.GetExtension(f), StringComparer.Ordinal) && !f.StartsWith("tests/Architecture.Tests/", StringComparison.Ordinal))
            .SelectMany(f => Repository.Lines(f).Index().Where(l => pattern.IsMatch(l.Item)).Select(l => $"{f}:{l.Index + 1}: {l.Item.Trim()}")),
    ];

    [GeneratedRegex(@"(?<![\w.:/])/(home|Users|work|root)/\w|\b[A-Z]:\\Users\\", RegexOptions.CultureInvariant)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"<add key=""[^""]*"" value=""https?://|RestoreSources|RestoreAdditionalProjectSources|PIP_INDEX_URL|npm config set registry|--index-url|GOPROXY=", RegexOptions.CultureInvariant)]
    private static partial Regex PackageSource();

    [GeneratedRegex(@"-----BEGIN (RSA |EC )?PRIVATE KEY-----|hooks\.slack\.com/services/T[A-Z0-9]{8}|xox[bp]-\d", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
