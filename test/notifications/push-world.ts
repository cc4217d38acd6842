import { type AddressInfo, connect } from 'node:net';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { buildConnector } from 'undici';
import { Config } from '../../src/config/config.js';
import { PushKeys } from '../../src/notifications/push/push-keys.service.js';
import { PushNetwork } from '../../src/notifications/push/push-network.js';
import { PushOrigins } from '../../src/notifications/push/push-origins.js';
import { PushSender } from '../../src/notifications/push/push-sender.js';
import type { PushMessage, PushTarget } from '../../src/notifications/push/push.types.js';
import type { TestApp } from '../support/app.js';
import { browserKeys, newEndpoint } from '../support/push.js';

export interface ServiceAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface Posted {
  host: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** All the push services of the world in one real HTTP server: what they answer is the test's to say. */
export class PushServices {
  readonly posted: Posted[] = [];
  answer: (posted: Posted) => ServiceAnswer | 'hang up' = () => ({ status: 201 });

  private constructor(private readonly server: Server) {}

  static async start(): Promise<PushServices> {
    const server = createServer();
    const services = new PushServices(server);
    server.on('request', (request, response) => {
      void buffer(request).then((body) => {
        const posted = { host: request.headers.host!, path: request.url!, headers: request.headers, body };
        services.posted.push(posted);
        const answer = services.answer(posted);
        if (answer === 'hang up') request.socket.destroy();
        else response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return services;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Every host leads here, TLS left out. */
  network(): PushNetwork {
    const { port } = this;
    return new (class extends PushNetwork {
      override connector(): buildConnector.connector {
        return (_options, callback) => {
          const socket = connect(port, '127.0.0.1');
          socket.once('connect', () => callback(null, socket)).once('error', (error) => callback(error, null));
        };
      }
    })();
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** A sender of the app's that has sent nothing yet. */
export class FreshSender {
  readonly sender: PushSender;
  private readonly origins: PushOrigins;

  constructor(app: TestApp, network: PushNetwork, config = app.get(Config)) {
    this.origins = new PushOrigins(config, app.clock, network);
    this.sender = new PushSender(config, app.clock, app.get(PushKeys), this.origins);
  }

  close(): Promise<void> {
    return this.origins.onModuleDestroy();
  }
}

export const message = (over: Partial<PushMessage> = {}): PushMessage => ({
  payload: '{"web_push":8030}',
  ttl: 3_600,
  urgency: 'normal',
  ...over,
});

const HOUR = 3_600_000;

/** A browser that subscribed an hour ago, unless told otherwise. */
export async function target(app: TestApp, over: Partial<PushTarget> & { host?: string } = {}): Promise<PushTarget> {
  const { host, ...rest } = over;
  return {
    id: '1',
    endpoint: newEndpoint(host),
    ...browserKeys(),
    keyId: (await app.get(PushKeys).current()).id,
    createdAt: new Date(app.clock.now().getTime() - HOUR),
    ...rest,
  };
}
