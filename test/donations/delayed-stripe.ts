import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy of Stripe that passes requests on at once and holds the answers back until `release`. */
export class DelayedStripe {
  readonly release: () => void;
  private readonly gate: Promise<void>;

  private constructor(
    private readonly server: Server,
    target: string,
  ) {
    let open = (): void => {};
    this.gate = new Promise((resolve) => (open = resolve));
    this.release = open;
    server.on('request', (request, response) => {
      const pass = async (): Promise<void> => {
        const chunks: Buffer[] = [];
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
        const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
        const answer = await fetch(new URL(request.url!, target), {
          method: request.method!,
          headers: headers as Record<string, string>,
          ...(chunks.length ? { body: Buffer.concat(chunks) } : {}),
        });
        const body = Buffer.from(await answer.arrayBuffer());
        await this.gate;
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
      };
      pass().catch(() => response.destroy());
    });
  }

  static async inFrontOf(target: string): Promise<DelayedStripe> {
    const server = createServer();
    const delayed = new DelayedStripe(server, target);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return delayed;
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.release();
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
