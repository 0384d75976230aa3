namespace Orleans.Serialization.Invocation;

/// <summary>Holds the object that calls are made on.</summary>
public interface ITargetHolder
{
    object? GetTarget();

    object? GetComponent(Type componentType);
}
