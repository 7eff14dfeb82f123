namespace CanaryFunctions.Simulator.Pods;

/// <summary>A container image's name, taken apart: <c>ghcr.io/stefanprodan/podinfo:6.1.0</c>.</summary>
/// <param name="Name">The last part of the repository's path, such as <c>podinfo</c>.</param>
/// <param name="Tag"><c>latest</c> where none is written; of an image by digest, the digest.</param>
public sealed record ImageReference(string Text, string Name, string Tag)
{
    /// <summary>Images that cannot be pulled, for showing what happens then: name or tag contains <c>broken</c>, or the tag is <c>bad-start</c>.</summary>
    public bool IsBroken => Name.Contains("broken", StringComparison.Ordinal) || Tag.Contains("broken", StringComparison.Ordinal) || Tag == "bad-start";

    public static ImageReference Parse(string text)
    {
        var digest = text.IndexOf('@', StringComparison.Ordinal);
        var named = digest < 0 ? text : text[..digest];
        var slash = named.LastIndexOf('/');
        var last = named[(slash + 1)..];
        var colon = last.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? last : last[..colon];
        var tag = colon >= 0 ? last[(colon + 1)..] : digest >= 0 ? text[(digest + 1)..] : "latest";
        return new(text, name, tag);
    }
}
