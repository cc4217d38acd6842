import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy of Postgres that a test can cut or make silent. */
export class PostgresProxy {
  private readonly sockets = new Set<Socket>();
  /** What separates the two sides of each connection, and leaves the client's open. */
  private readonly sever = new Set<(endUpstream: boolean) => void>();
  private server: Server | undefined;
  private silent = false;
  private port = 0;

  private constructor(private readonly target: URL) {}

  static async before(url: string): Promise<PostgresProxy> {
    const proxy = new PostgresProxy(new URL(url));
    await proxy.open();
    return proxy;
  }

  /** The database's URL through the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }

  /** Ends every connection and accepts none, as a stopped server does. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    this.drop();
    await closed;
  }

  /** Accepts connections and never answers, as a hanging server does. */
  async fallSilent(): Promise<void> {
    await this.cut();
    this.silent = true;
    await this.open();
  }

  /**
   * Makes the present connections silent, and serves new ones, as after a failover or when a NAT forgot them.
   * @param endUpstream whether the server learns of it: a connection that only the client believes in is half-open
   */
  forgetConnections(endUpstream = false): void {
    for (const sever of this.sever) sever(endUpstream);
  }

  async mend(): Promise<void> {
    await this.cut();
    this.silent = false;
    await this.open();
  }

  private async open(): Promise<void> {
    const server = createServer((client) => {
      this.keep(client);
      if (this.silent) return;
      const upstream = this.keep(connect(Number(this.target.port), this.target.hostname.replace(/^\[|\]$/g, '')));
      client.pipe(upstream).pipe(client);
      client.on('close', () => upstream.destroy());
      const endClient = (): void => void client.destroy();
      upstream.on('close', endClient);
      const sever = (endUpstream: boolean): void => {
        client.unpipe(upstream);
        upstream.unpipe(client);
        upstream.off('close', endClient);
        client.resume();
        upstream.resume();
        if (endUpstream) upstream.destroy();
        this.sever.delete(sever);
      };
      this.sever.add(sever);
      client.on('close', () => this.sever.delete(sever));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    return socket;
  }

  private drop(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }
}
