// Runs a model on float32 values: node run.mjs MODEL INPUT-NAME SHAPE INPUT-FILE OUTPUT-FOLDER
// Writes each output into a file of its name.
import fs from 'node:fs';
import path from 'node:path';
import ort from 'onnxruntime-node';

const [model, name, shape, inputFile, outputFolder] = process.argv.slice(2);
const bytes = fs.readFileSync(inputFile);
const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
const results = await session.run({ [name]: new ort.Tensor('float32', values, shape.split('x').map(Number)) });
for (const [output, tensor] of Object.entries(results)) {
  fs.writeFileSync(path.join(outputFolder, output), Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength));
  console.log(`${output} ${tensor.dims.join('x')}`);
}
