using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CanaryFunctions.Platform.Hosting.Publishing;

/// <summary>
/// The folders by which the Functions host knows functions: one a function, with a <c>function.json</c> made from its attributes. <c>dotnet publish</c> writes
/// them; the same attributes give the same bytes.
/// </summary>
public sealed class FunctionFolders(QueueBinding queue)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, NewLine = "\n" };

    private readonly SortedDictionary<string, JsonObject> _functions = new(StringComparer.Ordinal);

    /// <summary>What each <c>function.json</c> says, by the function's name.</summary>
    public IReadOnlyDictionary<string, JsonObject> Functions => _functions;

    /// <summary>Adds the function of a class.</summary>
    /// <exception cref="ArgumentException">The class has not exactly one method with <see cref="FunctionAttribute"/>, or that not exactly one trigger, or its name is taken.</exception>
    public FunctionFolders Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods)] T>()
    {
        var methods = typeof(T).GetMethods().Where(m => m.IsDefined(typeof(FunctionAttribute))).ToList();
        if (methods is not [var method])
        {
            throw new ArgumentException($"{typeof(T).Name} has {methods.Count} methods with [Function]; a function's class has one.");
        }

        var triggers = method.GetParameters().SelectMany(p => p.GetCustomAttributes().Where(IsTrigger).Select(attribute => (Parameter: p, Attribute: attribute))).ToList();
        if (triggers is not [var trigger])
        {
            throw new ArgumentException($"{typeof(T).Name}.{method.Name} has {triggers.Count} triggers; a function has one.");
        }

        var name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        var bindings = TriggerBinding.Of(trigger.Attribute, trigger.Parameter.Name!, name, queue);
        return _functions.TryAdd(name, new JsonObject { ["bindings"] = bindings })
            ? this
            : throw new ArgumentException($"There is a function named '{name}' already.");
    }

    /// <summary>Writes <c>{folder}/{Function}/function.json</c>.</summary>
    public void Write(string folder)
    {
        foreach (var (name, content) in _functions)
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            File.WriteAllText(Path.Combine(own, "function.json"), content.ToJsonString(Format) + "\n");
        }
    }

    private static bool IsTrigger(Attribute attribute) => attribute is StepQueueTriggerAttribute or TimerTriggerAttribute or HttpTriggerAttribute;
}
