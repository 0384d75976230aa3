using System.Globalization;

namespace VaeCluster.Contracts.Specs;

/// <summary>What <c>checkpoint.every</c> says: so many steps, or so much time.</summary>
/// <param name="Steps">Steps between two checkpoints; 0 when the time decides.</param>
/// <param name="Time">Time between two checkpoints; zero when the steps decide.</param>
public readonly record struct CheckpointInterval(long Steps, TimeSpan Time)
{
    private const long CountMax = 1_000_000;

    /// <summary>Whether a checkpoint is due.</summary>
    /// <param name="step">The step that was just applied.</param>
    /// <param name="sinceLast">Time since the last checkpoint was begun.</param>
    public bool IsDue(long step, TimeSpan sinceLast) => Steps > 0 ? step % Steps == 0 : Time > TimeSpan.Zero && sinceLast >= Time;

    /// <summary>Reads a text that <see cref="IsValid"/>.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static CheckpointInterval Parse(string text) =>
        TryParse(text) ?? throw new FormatException($"'{text}' is not a checkpoint interval; write a number of steps such as 500, or of seconds such as 10s.");

    internal static bool IsValid(string text) => TryParse(text) is not null;

    private static CheckpointInterval? TryParse(string text)
    {
        var isTime = text.EndsWith('s');
        if (!long.TryParse(isTime ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > CountMax)
            return null;
        return isTime ? new(0, TimeSpan.FromSeconds(count)) : new(count, TimeSpan.Zero);
    }
}
