using Orleans.Runtime.References;

namespace Orleans.Runtime.Membership;

/// <summary>What silos ask each other about the cluster.</summary>
internal interface IMembershipTarget : ISystemTarget
{
    /// <summary>Gives a view and gets the merged one.</summary>
    Task<MembershipView> Exchange(MembershipView view);

    /// <summary>Answers as a sign of life; with the view, if it differs from the asker's.</summary>
    Task<MembershipView?> Probe(ulong contentHash);
}

internal sealed class MembershipTarget(MembershipState state) : IMembershipTarget
{
    public Task<MembershipView> Exchange(MembershipView view)
    {
        state.Merge(view);
        return Task.FromResult(state.View);
    }

    public Task<MembershipView?> Probe(ulong contentHash)
    {
        var view = state.View;
        return Task.FromResult(view.ContentHash == contentHash ? null : view);
    }
}
