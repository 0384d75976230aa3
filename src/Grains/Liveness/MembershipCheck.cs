using Microsoft.Extensions.Options;

namespace VaeCluster.Grains.Liveness;

/// <summary>
/// Asks whether this silo is still a member of its cluster, for decisions that another silo would act on. A silo that is cut off is declared dead and
/// replaced, and does not learn it; but it may still write to the data directory that they share.
/// </summary>
public sealed class MembershipCheck(IClusterMembershipService membership, ISiloStatusOracle oracle, IOptions<LivenessOptions> liveness, TimeProvider time)
{
    /// <summary>Whether the membership answers now and has this silo among its active members.</summary>
    public async Task<bool> IsMemberAsync()
    {
        try
        {
            await membership.Refresh().AsTask().WaitAsync(liveness.Value.AnswerTimeout, time);
            return oracle.CurrentStatus == SiloStatus.Active;
        }
        catch (Exception)
        {
            // Whatever the table's client throws: the membership does not answer, and that is the answer here. Orleans logs it with its own reads.
            return false;
        }
    }
}
