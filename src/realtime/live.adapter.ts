import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import type { Config } from '../config/config.js';
import { limitSetting } from '../config/limit-setting.js';
import { ConnectionLimit } from './connection-limit.js';

const connectionLimit = limitSetting({
  env: 'LIMIT_SOCKETS_PER_IP',
  max: 200,
  counts: 'connections that one network holds open to one process; pages beyond that read by polling',
});

/**
 * Serves socket.io at /live. It allows websockets only, because polling would need sticky sessions (a client without
 * websockets polls `/events`), and no compression, because sockets share one encoded frame. `allowRequest` checks the
 * Origin, which `cors` does not. A request without an Origin comes from no browser, so its cookies are dropped.
 */
export class LiveAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly config: Config,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const { allowedOrigins, trustProxy } = this.config;
    const limit = new ConnectionLimit(this.config.limit(connectionLimit), trustProxy);
    return super.createIOServer(port, {
      ...options,
      path: '/live',
      serveClient: false,
      destroyUpgrade: false, // other upgrades are answered as requests (src/http/connections.ts)
      transports: ['websocket'],
      perMessageDeflate: false,
      maxHttpBufferSize: 16_384,
      connectTimeout: 10_000,
      pingInterval: 20_000,
      pingTimeout: 20_000,
      allowRequest: (request, done) => {
        const { origin } = request.headers;
        if (origin === undefined) delete request.headers.cookie;
        if (origin !== undefined && !allowedOrigins.has(origin)) return done(null, false);
        if (limit.admit(request)) done(null, true); // otherwise the limit has answered
      },
    } as ServerOptions) as Server;
  }
}
