namespace Orleans.Core
{
    /// <summary>A record of a grain in a storage.</summary>
    public interface IStorage
    {
        string? Etag { get; }

        bool RecordExists { get; }

        Task ClearStateAsync();

        Task WriteStateAsync();

        Task ReadStateAsync();
    }

    /// <summary>The same, with what it holds.</summary>
    public interface IStorage<TState> : IStorage
    {
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A part of a grain's state, injected into its constructor and read before the grain is active.</summary>
    public interface IPersistentState<TState> : Core.IStorage<TState>;
}
