import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import { limitSetting } from '../config/limit-setting.js';
import { settingOfLimit } from '../settings/limit.settings.js';
import type { Settings } from '../settings/settings.service.js';
import type { Sites } from '../settings/sites.service.js';
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
    private readonly settings: Settings,
    private readonly sites: Sites,
    private readonly trustProxy: number,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const { settings, sites } = this;
    const limit = new ConnectionLimit(() => settings.get(settingOfLimit(connectionLimit)), this.trustProxy);
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
        if (origin !== undefined && !sites.allows(origin)) return done(null, false);
        if (limit.admit(request)) done(null, true); // otherwise the limit has answered
      },
    } as ServerOptions) as Server;
  }
}
