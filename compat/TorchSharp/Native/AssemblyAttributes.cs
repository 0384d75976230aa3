using System.Runtime.CompilerServices;

// Every signature that crosses to native code is blittable; this keeps it so, and calls cheap.
[assembly: DisableRuntimeMarshalling]
