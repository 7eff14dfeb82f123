using CanaryFunctions.LoadTester.Shell;

namespace CanaryFunctions.LoadTester.Tests.Shell;

public sealed class ShellWordsTests
{
    [Theory]
    [InlineData("a b  c", "[a][b][c]")]
    [InlineData("  a\tb\n c ", "[a][b][c]")]
    [InlineData("-H 'Cookie: type=insider'", "[-H][Cookie: type=insider]")]
    [InlineData("-d '{test: 2}' x", "[-d][{test: 2}][x]")]
    [InlineData("""--overrides='{"spec": {"a": 1}}' run""", """[--overrides={"spec": {"a": 1}}][run]""")]
    [InlineData("""a"b c"d'e f'g""", "[ab cde fg]")]
    [InlineData("""'' "" x""", "[][][x]")]
    [InlineData("""a\ b \'c\" """, """[a b]['c"]""")]
    [InlineData(""" "a\"b\\c\$d\e" """, """[a"b\c$d\e]""")]
    [InlineData("a \\\n b", "[a][b]")]
    [InlineData("get pods | tee $x; y", "[get][pods][|][tee][$x;][y]")]
    [InlineData("", "")]
    public void Split_Arguments_FollowPosixQuoting(string line, string expected)
        => string.Concat(ShellWords.Split(line).Select(w => $"[{w}]")).ShouldBe(expected);

    [Theory]
    [InlineData("a | b", "Word:a Pipe Word:b")]
    [InlineData("a || b", "Word:a Other:| Word:b")]
    [InlineData("a 'x|y' \"z;\"", "Word:a Word:x|y Word:z;")]
    [InlineData("\na\nb\n", "Word:a Newline Word:b")]
    [InlineData("a \\\n  b", "Word:a Word:b")]
    [InlineData("a>b", "Word:a Other:> Word:b")]
    [InlineData("a $x `y`", "Word:a Other:$ Word:x Other:` Word:y Other:`")]
    [InlineData("a \"$x\" '$x'", "Word:a Other:$ Word:x Word:$x")]
    [InlineData("a #b", "Word:a Other:# Word:b")]
    [InlineData("a#b http://x/#y", "Word:a#b Word:http://x/#y")]
    [InlineData("a & b", "Word:a Other:& Word:b")]
    public void Tokenize_Line_MarksWhatOnlyAShellCanDo(string line, string expected)
        => string.Join(' ', ShellWords.Tokenize(line).Select(Show)).ShouldBe(expected);

    [Theory]
    [InlineData("a 'b", "the quote ' at character 3 does not end.")]
    [InlineData("a \"b", "the quote \" at character 3 does not end.")]
    public void Split_OpenQuote_SaysWhere(string line, string message)
        => Should.Throw<ShellSyntaxException>(() => ShellWords.Split(line)).Message.ShouldBe(message);

    private static string Show(ShellToken token) => token.Kind is ShellTokenKind.Word or ShellTokenKind.Other ? $"{token.Kind}:{token.Text}" : $"{token.Kind}";
}
