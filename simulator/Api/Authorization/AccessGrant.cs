namespace CanaryFunctions.Simulator.Api.Authorization;

/// <summary>A right that a request made use of, as the rule spells it: to be compared with the rights that were given.</summary>
/// <param name="User">Who asked.</param>
/// <param name="Role">Where the rule stands: <c>ClusterRole/NAME</c> or <c>Role/NAMESPACE/NAME</c>.</param>
/// <param name="Verb">The rule's verb.</param>
/// <param name="Group">The rule's API group; empty for the core group and for paths.</param>
/// <param name="Resource">The rule's resource, such as <c>canaries/status</c>, or its path.</param>
/// <param name="Name">The rule's resource name; empty for a rule without names.</param>
public sealed record AccessGrant(string User, string Role, string Verb, string Group, string Resource, string Name);

/// <summary>A request that no rule allowed.</summary>
/// <param name="Message">What the user was told.</param>
public sealed record AccessRefusal(string User, string Message);
