import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

export { grpc };

// The same file that the C# side is generated from.
export const load = (file) =>
  grpc.loadPackageDefinition(loader.loadSync(new URL(`../Protos/${file}`, import.meta.url).pathname, { defaults: true })).probe;
