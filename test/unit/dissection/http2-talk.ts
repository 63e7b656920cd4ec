import * as http2 from 'node:http2';
import { Duplex, type DuplexOptions } from 'node:stream';

/** What both sides of a connection said, in the order in which it was said. */
export type Said = { readonly toServer: boolean; readonly bytes: Buffer }[];

export interface Asked {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly trailers?: Readonly<Record<string, string>>;
}

/** Two ends of a pipe that notes what goes through it. */
function pipe(said: Said): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const end = (toServer: boolean): Duplex => {
    const options: DuplexOptions = {
      read: () => undefined,
      write(chunk: Buffer, _encoding, done): void {
        said.push({ toServer, bytes: Buffer.from(chunk) });
        ends[toServer ? 1 : 0]?.push(Buffer.from(chunk));
        done();
      },
      final(done): void {
        ends[toServer ? 1 : 0]?.push(null);
        done();
      },
    };
    return new Duplex(options);
  };
  ends.push(end(true), end(false));
  return ends as [Duplex, Duplex];
}

/**
 * Lets Node's own HTTP/2 (nghttp2) hold a conversation, without any socket. The server answers with the headers and the body
 * that `answer` gives, after an interim response, and pushes `/pushed` on the first request.
 */
export async function talkHttp2(
  asked: readonly Asked[],
  answer: { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer },
  options: { readonly padding?: boolean } = {},
): Promise<Said> {
  const said: Said = [];
  const [clientEnd, serverEnd] = pipe(said);
  const paddingStrategy = options.padding === true ? http2.constants.PADDING_STRATEGY_MAX : 0;
  const server = http2.createServer({ paddingStrategy, maxSendHeaderBlockLength: 100_000 });
  let pushed = false;
  server.on('stream', (stream) => {
    stream.additionalHeaders({ ':status': 103, link: '</style.css>' });
    if (!pushed && stream.pushAllowed) {
      pushed = true;
      stream.pushStream({ ':path': '/pushed' }, (_error, push) => {
        push.respond({ ':status': 200 });
        push.end('pushed body');
      });
    }
    stream.resume();
    stream.on('end', () => {
      stream.respond({ ':status': 200, ...answer.headers });
      stream.end(answer.body);
    });
  });
  server.emit('connection', serverEnd);
  const client = http2.connect('http://h2.example:8080', {
    createConnection: () => clientEnd,
    paddingStrategy,
    maxSendHeaderBlockLength: 100_000,
  });
  client.on('stream', (stream) => stream.resume());
  for (const one of asked) await ask(client, one);
  await new Promise<void>((done) => {
    client.close(done);
  });
  server.close();
  return said;
}

/**
 * The same for WebSocket over HTTP/2 (RFC 8441): the client asks for `/chat`, the server answers with `answer`, and both say what
 * they have to say, a turn after the other.
 */
export async function talkWebSocketHttp2(
  offer: Readonly<Record<string, string>>,
  answer: Readonly<Record<string, string | number>>,
  turns: readonly (readonly [client: Buffer, server: Buffer])[],
): Promise<Said> {
  const said: Said = [];
  const [clientEnd, serverEnd] = pipe(said);
  const server = http2.createServer({ settings: { enableConnectProtocol: true } });
  server.on('stream', (stream) => {
    let turn = 0;
    stream.respond({ ':status': 200, ...answer });
    stream.on('data', () => {
      const [, reply] = turns[turn++] ?? [];
      if (turn === turns.length) stream.end(reply);
      else stream.write(reply ?? '');
    });
  });
  server.emit('connection', serverEnd);
  const client = http2.connect('http://h2.example:8080', { createConnection: () => clientEnd });
  await new Promise<void>((done) => {
    client.once('remoteSettings', () => done());
  });
  const stream = client.request(
    { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/chat', ...offer },
    { endStream: false },
  );
  let turn = 0;
  const speak = (): void => {
    const [next] = turns[turn++] ?? [];
    if (next === undefined) stream.end();
    else stream.write(next);
  };
  stream.on('response', speak);
  stream.on('data', speak);
  await new Promise<void>((done, fail) => {
    stream.on('error', fail);
    stream.on('close', done);
  });
  await new Promise<void>((done) => {
    client.close(done);
  });
  server.close();
  return said;
}

function ask(client: http2.ClientHttp2Session, one: Asked): Promise<void> {
  return new Promise((done, fail) => {
    const stream = client.request(
      { ':path': one.path, ':method': one.body === undefined ? 'GET' : 'POST', ...one.headers },
      { endStream: one.body === undefined, waitForTrailers: one.trailers !== undefined },
    );
    if (one.trailers !== undefined) stream.on('wantTrailers', () => stream.sendTrailers(one.trailers ?? {}));
    stream.on('error', fail);
    stream.on('close', done);
    stream.resume();
    if (one.body !== undefined) stream.end(one.body);
  });
}
