using System.Net.Security;

namespace CanaryFunctions.LoadTester.Http;

/// <summary>TLS that encrypts but does not verify: hey always works like this, and so does <c>curl -k</c>. Only for what a task asks for.</summary>
internal static class UnverifiedTls
{
#pragma warning disable CA5359 // Not verifying is what these two commands are defined to do; nothing else uses this.
    public static SslClientAuthenticationOptions Options => new() { RemoteCertificateValidationCallback = static (_, _, _, _) => true };
#pragma warning restore CA5359
}
