// Calls a server of the probe in every way and prints what came of it, one line a scenario.
import { grpc, load } from './probe.mjs';

const address = process.argv[2];
const insecure = grpc.credentials.createInsecure();
const client = new (load('probe.proto').Probe)(address, insecure);

const show = (value) => (Buffer.isBuffer(value) ? `0x${value.toString('hex')}` : String(value));
const metadata = (found, ...keys) => keys.map((key) => `${key}=${show(found.get(key)[0])}`).join(' ');

// A unary call: its reply, or its error.
const unary = (method, request, options = {}, on = client) =>
  new Promise((resolve) => {
    let trailers;
    const call = on[method](request, new grpc.Metadata(), options, (error, reply) =>
      // The status comes after the reply.
      error ? resolve({ error }) : setImmediate(() => resolve({ reply, trailers })));
    call.on('status', (status) => { trailers = status.metadata; });
  });

const failure = ({ error }) => `${error.code} ${error.details}`;

const drain = (stream) =>
  new Promise((resolve) => {
    const texts = [];
    stream.on('data', (reply) => texts.push(reply.text));
    stream.on('error', (error) => resolve(`${texts.join()} ${failure({ error })}`));
    stream.on('end', () => resolve(texts.join()));
  });

const scenarios = {
  async echo() {
    const { reply } = await unary('Echo', { text: 'é日😀', payload: Buffer.alloc(300000, 7) });
    return `${reply.text} ${reply.payload.length}`;
  },
  async trailers() {
    const { trailers } = await unary('Echo', { action: 'trailers' });
    return metadata(trailers, 'steps', 'digest-bin');
  },
  async headers() {
    return new Promise((resolve) => {
      const call = client.Echo({ action: 'headers' }, () => {});
      call.on('metadata', (found) => resolve(metadata(found, 'first', 'blob-bin')));
    });
  },
  async status() {
    const result = await unary('Echo', { action: 'status' });
    return `${JSON.stringify(failure(result))} ${metadata(result.error.metadata, 'reason', 'state-bin')}`;
  },
  async throws() {
    return failure(await unary('Echo', { action: 'throw' }));
  },
  async stream() {
    return drain(client.Count({ count: 3 }));
  },
  async 'stream that fails'() {
    return JSON.stringify(await drain(client.Count({ count: 2, action: 'status' })));
  },
  async sum() {
    return new Promise((resolve) => {
      const call = client.Sum((error, reply) => resolve(`${reply.messages} ${reply.bytes}`));
      for (let i = 0; i < 100; i++) call.write({ payload: Buffer.alloc(1000) });
      call.end();
    });
  },
  async chat() {
    return new Promise((resolve) => {
      const call = client.Chat();
      let turns = 0;
      call.on('data', (reply) => (++turns < 5 ? call.write({ text: `turn ${turns}` }) : call.end()));
      call.on('status', (status) => resolve(`${turns} turns, status ${status.code}`));
      call.write({ text: 'turn 0' });
    });
  },
  async deadline() {
    return String((await unary('Echo', { action: 'wait' }, { deadline: Date.now() + 150 })).error.code);
  },
  async cancel() {
    return new Promise((resolve) => {
      const call = client.Count({ count: 1, action: 'wait' });
      call.on('data', () => call.cancel());
      call.on('error', (error) => resolve(failure({ error })));
    });
  },
  async 'unknown service'() {
    const absent = new (load('absent.proto').Absent)(address, insecure);
    return failure(await unary('Echo', {}, {}, absent));
  },
  async 'too large'() {
    return failure(await unary('Echo', { payload: Buffer.alloc(5000000) }));
  },
  async gzip() {
    const gzip = new (load('probe.proto').Probe)(address, insecure, { 'grpc.default_compression_algorithm': 2 });
    return failure(await unary('Echo', { payload: Buffer.alloc(10000) }, {}, gzip));
  },
};

for (const [name, run] of Object.entries(scenarios)) console.log(`${name}: ${await run()}`);
process.exit(0);
