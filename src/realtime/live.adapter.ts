import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import type { Config } from '../config/config.js';
import { limitSetting } from '../config/limit-setting.js';
import { ConnectionLimit } from './connection-limit.js';

const connectionLimit = limitSetting({
  env: 'LIMIT_SOCKETS_PER_IP',
  max: 200,
  counts: 'connections that one network holds open to one process; whoever is beyond reads by polling',
});

/**
 * socket.io at /live: websocket only (no sticky sessions; who cannot, polls `/events`), no compression (it would undo
 * the shared frame), small messages. `cors` does not check Origin, only `allowRequest` does; a
 * missing Origin is no browser, and brings no cookies either.
 */
export class LiveAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly config: Config,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const { allowedOrigins, env } = this.config;
    const limit = new ConnectionLimit(this.config.limit(connectionLimit), env.TRUST_PROXY);
    return super.createIOServer(port, {
      ...options,
      path: '/live',
      serveClient: false,
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
        if (limit.admit(request)) done(null, true); // else it was answered
      },
    } as ServerOptions) as Server;
  }
}
