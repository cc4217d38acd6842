import type { Server, Socket } from 'node:net';

/**
 * Remembers every connection of a server, also those that Node hands over at an upgrade and forgets.
 * @returns a function that ends them all, so that the server's `close` does not wait for a client
 */
export function ownConnections(server: Server): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const it of open) it.destroy();
  };
}
