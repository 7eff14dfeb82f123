using System.Text.Json.Nodes;
using CanaryFunctions.Cluster.Tests.RealParts;
using CanaryFunctions.Core.Objects;
using CanaryFunctions.Scenario.Tests.Guides;

namespace CanaryFunctions.Cluster.Tests.Guides;

/// <summary>A guide on the <see cref="SharedCluster"/>.</summary>
internal sealed class RealStage : ClusterStage
{
    private readonly SharedCluster _share;
    private readonly GuideCase _guide;

    // Some providers have a namespace that is called like them. No dash: the guides' own queries write the namespace as it is, but Skipper's series do not.
    private RealStage(SharedCluster share, GuideCase guide)
        : base(share.Cluster, guide, new($"{string.Concat(guide.Provider.Where(char.IsAsciiLetter))}guide"), new()) => (_share, _guide) = (share, guide);

    internal static async Task<RealStage> OpenAsync(GuideCase guide)
    {
        var stage = new RealStage(await SharedCluster.JoinAsync(), guide);
        await stage.ConnectAsync();
        return stage;
    }

    /// <summary>One process serves all guides here, so each Canary names the provider that its own install would give it.</summary>
    internal override JsonObject Fit(JsonObject obj)
    {
        var here = base.Fit(obj);
        if (here.Text("kind") == Kinds.Canary.Kind && _guide.Install.Length > 0)
        {
            here.Section("spec")["provider"] = _guide.Install;
        }

        return here;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        var refusals = Cluster.Refusals;
        await _share.DisposeAsync();
        refusals.ShouldBeEmpty("a right is missing in infra/kustomize/base/rbac.yaml");
    }
}
