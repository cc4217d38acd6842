import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Config } from '../../src/config/config.js';
import { readEnvironment } from '../../src/config/env.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { Mailer } from '../../src/mail/mailer.js';

describe('faults: a mail server', () => {
  let server: Server;
  let sockets: Socket[];

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  /** Starts a server. @returns a promise of the end of its first connection, and the mailer */
  async function serve(onSocket: (socket: Socket) => void): Promise<{ mailer: Mailer; hungUp: Promise<void> }> {
    sockets = [];
    let report = (): void => {};
    const hungUp = new Promise<void>((resolve) => (report = resolve));
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {}).on('close', () => report());
      socket.resume();
      onSocket(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const env = readEnvironment({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_TIMEOUT_SECONDS: '0.6' });
    return { mailer: new Mailer(new Config(env, ''), new Metrics(new Config(env, '')), looks), hungUp };
  }
  const looks = { look: () => ({ name: 'The Post', logo: undefined, color: undefined }) };
  const mail = {
    site: null,
    to: 'ann@example.test',
    subject: 'Hello',
    text: 'Hello.',
    html: '<p>Hello.</p>',
    messageId: '1',
  };

  it('that accepts connections and says nothing is given up in time', async () => {
    const { mailer, hungUp } = await serve(() => {});
    const begun = performance.now();
    await expect(mailer.send(mail)).rejects.toThrow(/greeting/i);
    expect(performance.now() - begun).toBeLessThan(550); // the time-out of the greeting, before that of the mail
    await hungUp;
  });

  it('that answers drop by drop is given up after the time of a whole mail, with its connection', async () => {
    const { mailer, hungUp } = await serve((socket) => {
      socket.write('220 ');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    await expect(mailer.send(mail)).rejects.toThrow(/greeting|abort|time/i);
    await hungUp;
  });

  it('that falls silent after the greeting is given up', async () => {
    const { mailer, hungUp } = await serve((socket) => socket.write('220 here\r\n'));
    await expect(mailer.send(mail)).rejects.toThrow(/abort|time|closed/i);
    await hungUp;
  });
});
