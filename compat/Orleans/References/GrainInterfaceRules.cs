using System.Reflection;

namespace Orleans.Runtime.References;

/// <summary>What an interface may look like whose methods are called from afar.</summary>
internal static class GrainInterfaceRules
{
    public static void Check(Type type)
    {
        if (!type.IsInterface) throw Refuse($"{type} is not an interface; grains are called through interfaces.");
        if (type.IsGenericType) throw Refuse($"{type} is generic, which grain interfaces here cannot be; declare one interface for each type it is used with.");
        foreach (var property in type.GetProperties())
        {
            throw Refuse($"{type.FullName}.{property.Name} is a property; a call to a grain takes time and may fail, so it must be a method that returns a task.");
        }

        foreach (var method in GrainInterface.MethodsOf(type)) CheckMethod(method);
    }

    private static void CheckMethod(MethodInfo method)
    {
        var name = $"{method.DeclaringType!.FullName}.{method.Name}";
        if (method.IsGenericMethod) throw Refuse($"{name} is generic, which methods of grain interfaces here cannot be; declare one method for each type.");
        CheckReturn(method, name);
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
            {
                throw Refuse($"{name} has the ref, in or out parameter '{parameter.Name}'; arguments are copies, so return the value in place of it.");
            }
        }

        if (method.GetParameters().Count(parameter => parameter.ParameterType == typeof(CancellationToken)) > 1)
        {
            throw Refuse($"{name} has more than one CancellationToken; a call can be cancelled in one way only.");
        }

        if (MethodShape.Payload(method).Length > MethodShape.ParametersMax)
        {
            throw Refuse($"{name} has more than {MethodShape.ParametersMax} parameters, which is the limit here; put them into a message type.");
        }
    }

    private static void CheckReturn(MethodInfo method, string name)
    {
        if (MethodShape.IsAwaitable(method.ReturnType)) return;
        var observer = typeof(IGrainObserver).IsAssignableFrom(method.DeclaringType);
        if (observer && method.ReturnType == typeof(void)) return;
        throw Refuse(
            $"{name} returns {method.ReturnType}; a method of a grain interface must return Task, Task<T>, ValueTask or ValueTask<T>"
            + (observer ? ", or void, which an observer's may." : ". (void is for observers.)"));
    }

    private static OrleansConfigurationException Refuse(string message) => new(message);
}
