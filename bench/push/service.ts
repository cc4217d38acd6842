import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { selfSigned } from '../../test/support/self-signed.js';

/**
 * A push service that reads every body and accepts it. It knows only the HTTP needed for that, so that it takes little
 * CPU from the measured processes. It sends its port and its certificate to the bench.
 */
const ANSWER = 'HTTP/1.1 201 Created\r\nlocation: /m/1\r\ncontent-length: 0\r\nkeep-alive: timeout=60\r\n\r\n';

const certificate = selfSigned();
const server = createServer(certificate, (socket) => {
  let bytes: Buffer = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    bytes = bytes.length ? Buffer.concat([bytes, chunk]) : chunk;
    for (;;) {
      const head = bytes.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1];
      if (length === undefined) return socket.destroy();
      const end = head + 4 + Number(length);
      if (bytes.length < end) return;
      bytes = bytes.subarray(end);
      socket.write(ANSWER);
    }
  });
});
server.listen(0, 'localhost', () => {
  process.send!({ port: (server.address() as AddressInfo).port, cert: certificate.cert });
});
