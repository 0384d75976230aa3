using System.Buffers;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace VaeCluster.Contracts.ParameterServer;

/// <summary>
/// Moves a <see cref="PartBuffer"/> between silos: the sender's reference ends when the bytes are written, and the receiver reads them into memory from
/// its own pool. A message that is written a second time finds its reference released: the call fails, and does not send what the memory holds by then.
/// </summary>
[RegisterSerializer]
public sealed class PartBufferCodec : IFieldCodec<PartBuffer>
{
    /// <inheritdoc/>
    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, PartBuffer? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (value is null)
        {
            ReferenceCodec.WriteNullReference(ref writer, fieldIdDelta);
            return;
        }
        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeader(fieldIdDelta, expectedType!, typeof(PartBuffer), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)value.Length);
        writer.Write(value.Bytes);
        value.Release();
    }

    /// <inheritdoc/>
    public PartBuffer? ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference)
            return ReferenceCodec.ReadReference<PartBuffer, TInput>(ref reader, field);
        field.EnsureWireType(WireType.LengthPrefixed);
        ReferenceCodec.MarkValueField(reader.Session);
        var length = reader.ReadVarUInt32();
        if (length > PartBuffer.LengthMax)
            throw new InvalidDataException($"A message announces a part of {length} bytes; a part has at most {PartBuffer.LengthMax}.");
        var buffer = PartBuffer.Rent((int)length);
        reader.ReadBytes(buffer.Bytes);
        return buffer;
    }
}
