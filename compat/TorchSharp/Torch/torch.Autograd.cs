using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe partial class autograd
    {
        /// <summary>The gradients of the outputs' sum, weighted by <paramref name="grad_outputs"/>, with respect to each input.</summary>
        /// <returns>One tensor for each input; with <paramref name="allow_unused"/> an invalid one (<see cref="Tensor.IsInvalid"/>) for an input that the outputs do not depend on.</returns>
        public static IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] ofOutputs = Handles(outputs), ofInputs = Handles(inputs), ofGradients = Handles(grad_outputs);
            var results = new nint[ofInputs.Length];

            fixed (nint* outputsPointer = ofOutputs, inputsPointer = ofInputs, gradientsPointer = ofGradients, resultsPointer = results)
            {
                var code = NativeMethods.AutogradGrad(
                    outputsPointer, ofOutputs.Length, inputsPointer, ofInputs.Length, gradientsPointer, ofGradients.Length,
                    retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, resultsPointer);
                KeepAlive(outputs, inputs, grad_outputs);
                NativeCall.Check(code);
            }

            return Array.ConvertAll(results, static handle => new Tensor(handle));
        }

        /// <summary>Adds the gradients to those that the leaves of the graph hold.</summary>
        public static void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] ofTensors = Handles(tensors), ofGradients = Handles(grad_tensors), ofInputs = Handles(inputs);

            fixed (nint* tensorsPointer = ofTensors, gradientsPointer = ofGradients, inputsPointer = ofInputs)
            {
                var code = NativeMethods.AutogradBackward(
                    tensorsPointer, ofTensors.Length, gradientsPointer, ofGradients.Length,
                    retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, inputsPointer, ofInputs.Length);
                KeepAlive(tensors, grad_tensors, inputs);
                NativeCall.Check(code);
            }
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        private static nint[] Handles(IList<Tensor>? tensors)
        {
            if (tensors is null) return [];

            var handles = new nint[tensors.Count];
            for (var i = 0; i < handles.Length; i++) handles[i] = tensors[i].Handle;
            return handles;
        }

        /// <summary>The lists hold the tensors whose bare handles are in use.</summary>
        private static void KeepAlive(object? first, object? second, object? third)
        {
            GC.KeepAlive(first);
            GC.KeepAlive(second);
            GC.KeepAlive(third);
        }
    }
}
