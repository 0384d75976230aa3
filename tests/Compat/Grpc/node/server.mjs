// A server of the probe: prints its port, then what its handlers see. It ends with its standard input.
import { grpc, load } from './probe.mjs';

const fail = () => {
  const metadata = new grpc.Metadata();
  metadata.set('reason', 'not-ready');
  metadata.set('state-bin', Buffer.from([0, 255, 10]));
  return { code: grpc.status.FAILED_PRECONDITION, details: "Run 'é%\n' cannot start: 日本 😀.", metadata };
};

const wait = (call) => {
  console.log('waiting');
  call.on('cancelled', () => console.log('cancelled'));
};

const Echo = (call, callback) => {
  const { text, payload, action } = call.request;
  const trailers = new grpc.Metadata();
  trailers.set('steps', '12');
  trailers.set('digest-bin', Buffer.from([1, 2, 254]));
  const headers = new grpc.Metadata();
  headers.set('seen', String(call.metadata.get('run-id')[0]));
  headers.set('seen-bin', call.metadata.get('token-bin')[0] ?? Buffer.alloc(0));
  if (action === 'status') callback(fail());
  else if (action === 'wait') wait(call);
  else {
    call.sendMetadata(headers);
    callback(null, { text, payload }, trailers);
  }
};

const Count = (call) => {
  for (let i = 0; i < call.request.count; i++) call.write({ text: `message ${i}`, index: i });
  if (call.request.action === 'status') call.emit('error', fail());
  else if (call.request.action === 'wait') wait(call);
  else call.end();
};

const Sum = (call, callback) => {
  let messages = 0;
  let bytes = 0;
  call.on('data', ({ payload }) => { messages++; bytes += payload.length; });
  call.on('end', () => callback(null, { messages, bytes }));
};

const Chat = (call) => {
  call.on('data', ({ text }) => call.write({ text }));
  call.on('end', () => call.end());
};

const server = new grpc.Server();
server.addService(load('probe.proto').Probe.service, { Echo, Count, Sum, Chat });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(port);
});
process.stdin.on('close', () => process.exit(0)).resume();
