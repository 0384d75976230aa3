using System.Text.Json;
using VaeCluster.Contracts;
using VaeCluster.Data.Images;
using static VaeCluster.Client.Output.ProgressText;

namespace VaeCluster.Client.Output;

/// <summary>Caches of images, for people and as JSON, a line each.</summary>
internal static class CacheText
{
    /// <summary>Writes a list.</summary>
    /// <param name="invocation">Who asks.</param>
    /// <param name="caches">The list.</param>
    /// <param name="sum">What the sum of their sizes is: a word or two.</param>
    /// <param name="nothing">The sentence for people where the list is empty.</param>
    public static void Write(Invocation invocation, IReadOnlyList<CachedImages> caches, string sum, string nothing)
    {
        if (invocation.IsJson)
        {
            foreach (var cache in caches)
                invocation.WriteLine(JsonSerializer.Serialize(cache, JsonForms.Line));
            return;
        }
        if (caches.Count == 0)
        {
            invocation.WriteLine(nothing);
            return;
        }
        Tables.WriteCaches(invocation.Terminal, caches);
        invocation.WriteLine(Inv($"{Bytes(caches.Sum(cache => cache.Bytes))} {sum}."));
    }
}
