using CanaryFunctions.Simulator.Metrics.PromQl;

namespace CanaryFunctions.Simulator.Tests.Metrics;

public sealed class Re2Tests
{
    [Theory]
    [InlineData("5..", "503", true)]
    [InlineData("5..", "5034", false)]
    [InlineData("5.*", "5", true)]
    [InlineData("a|bc", "bc", true)]
    [InlineData("a|bc", "abc", false)]
    [InlineData("a$", "a\n", false)]
    [InlineData("^a$", "a", true)]
    [InlineData(@"\d", "7", true)]
    [InlineData(@"\d", "\u0667", false)]
    [InlineData(@"\w+", "a_1", true)]
    [InlineData(@"\w", "é", false)]
    [InlineData(@"\W", "é", true)]
    [InlineData(@"[\D]", "é", true)]
    [InlineData(@"[\D]", "5", false)]
    [InlineData(@"[^\d-]", "-", false)]
    [InlineData("[[:alpha:]]+", "abZ", true)]
    [InlineData("[[:^alpha:]]", "4", true)]
    [InlineData("[]a]", "]", true)]
    [InlineData("[a[]", "[", true)]
    [InlineData("[a-c-[b]]", "b]", true)]
    [InlineData(@"\Qa.b\E+", "a.bb", true)]
    [InlineData(@"\Qa.b\E", "axb", false)]
    [InlineData(@"\x{41}", "A", true)]
    [InlineData(@"\pL", "é", true)]
    [InlineData("(?i)AbC", "aBc", true)]
    [InlineData("a.b", "a\nb", false)]
    [InlineData("(?s)a.b", "a\nb", true)]
    [InlineData("test-podinfo-canaryupstream-[0-9a-zA-Z-]+_[0-9a-zA-Z-]+", "test-podinfo-canaryupstream-80_test", true)]
    [InlineData("kube(ew)?_test__podinfo_canary__.*__podinfo_canary(_[0-9]+)?", "kube_test__podinfo_canary__app_example_com____podinfo_canary", true)]
    public void Expression_OnAValue_MatchesAsInRe2(string pattern, string value, bool expected) => Re2.Compile(pattern).IsMatch(value).ShouldBe(expected);

    [Theory]
    [InlineData("(?=a)")]
    [InlineData("(?<=a)b")]
    [InlineData("(?>a)")]
    [InlineData(@"(a)\1")]
    [InlineData(@"a\Z")]
    [InlineData(@"\k<a>")]
    [InlineData("a**")]
    [InlineData("*")]
    [InlineData("(a")]
    [InlineData("[a")]
    [InlineData("[b-a]")]
    [InlineData("a{1001}")]
    [InlineData("[[:nope:]]")]
    [InlineData(@"a\")]
    public void Expression_ThatRe2Refuses_IsRefused(string pattern) => Should.Throw<Re2SyntaxException>(() => Re2.Compile(pattern));

    [Theory]
    [InlineData("(a)(?P<x>b)(c)", "abc", "$3$2$1-$x-$0", "cba-b-abc")]
    [InlineData("(a)", "a", "$1x", "")]
    [InlineData("(a)", "a", "${1}x$", "ax$")]
    public void Expand_FillsInGroups_NumberedFromTheLeft(string pattern, string value, string template, string expected) =>
        Re2.Compile(pattern).Expand(value, template).ShouldBe(expected);
}
