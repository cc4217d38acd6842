import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LookupAddress } from 'node:dns';
import { type AddressInfo, createServer, type LookupFunction, type Server } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import type { buildConnector } from 'undici';
import { Config } from '../../src/config/config.js';
import { isPublicAddress } from '../../src/notifications/push/push-addresses.js';
import type { PushEndpoint } from '../../src/notifications/push/push-endpoint.js';
import { PushNetwork } from '../../src/notifications/push/push-network.js';
import type { PushOutcome } from '../../src/notifications/push/push.types.js';
import { checkEndpoint } from '../../src/notifications/push/push-endpoint.js';
import { expectProblem } from '../support/problems.js';
import { TestApp } from '../support/app.js';
import { newSubscription } from '../support/push.js';
import { FreshSender, pushMessage, pushTarget } from './fresh-sender.js';

/** A server inside the network that must never get a connection. */
class Trap {
  connections = 0;
  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.connections += 1;
      socket.destroy();
    });
  }
  static async start(host = '127.0.0.1'): Promise<Trap> {
    const server = createServer();
    const trap = new Trap(server);
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return trap;
  }
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

const GOOD = [
  'https://fcm.googleapis.com/fcm/send/abc:APA91-_x',
  'https://fcm.googleapis.com/wp/abc',
  'https://jmt17.google.com/fcm/send/abc',
  'https://updates.push.services.mozilla.com/wpush/v2/gAAAA',
  'https://autopush.prod.push.services.mozilla.com/wpush/v2/gAAAA',
  'https://web.push.apple.com/QOx-1',
  'https://wns2-by3p.notify.windows.com/w/?token=BQYAAAC%2bx%3d%3d',
  `https://fcm.googleapis.com/${'x'.repeat(2_048 - 27)}`,
];

/** Refused spellings, each with its name. */
const bad = (trap: number, standIn: number): [string, string][] => [
  ['no URL', 'fcm.googleapis.com/fcm/send/abc'],
  ['nothing', ''],
  ['a path alone', '/fcm/send/abc'],
  ['http', 'http://fcm.googleapis.com/fcm/send/abc'],
  ['another scheme', 'ftp://fcm.googleapis.com/abc'],
  ['a file', 'file:///etc/passwd'],
  ['a scheme that fetches nothing', 'data:text/plain,hello'],
  ['another port', 'https://fcm.googleapis.com:8443/fcm/send/abc'],
  ['port 80', 'https://fcm.googleapis.com:80/fcm/send/abc'],
  ['the usual port, written out', 'https://fcm.googleapis.com:443/fcm/send/abc'],
  ['a user', 'https://user@fcm.googleapis.com/fcm/send/abc'],
  ['a user and a password', 'https://user:secret@fcm.googleapis.com/fcm/send/abc'],
  ['a host that looks like a user', `https://fcm.googleapis.com@127.0.0.1:${trap}/`],
  ['an empty user', 'https://@fcm.googleapis.com/fcm/send/abc'],
  ['a fragment', 'https://fcm.googleapis.com/fcm/send/abc#x'],
  ['an empty fragment', 'https://fcm.googleapis.com/fcm/send/abc#'],
  ['too long', `https://fcm.googleapis.com/${'x'.repeat(2_048 - 26)}`],

  ['loopback', `https://127.0.0.1:${trap}/`],
  ['loopback over http', `http://127.0.0.1:${trap}/`],
  ['loopback, port 443', 'https://127.0.0.1/'],
  ['loopback by name', `https://localhost:${trap}/`],
  ['loopback by name, http', `http://localhost:${trap}/`],
  ['loopback by a name below', `http://push.localhost:${trap}/`],
  ['loopback, short', 'https://127.1/'],
  ['loopback, decimal', 'https://2130706433/'],
  ['loopback, hex', 'https://0x7f000001/'],
  ['loopback, octal', 'https://0177.0.0.1/'],
  ['loopback, IPv6', `https://[::1]:${trap}/`],
  ['loopback, mapped', `https://[::ffff:127.0.0.1]:${trap}/`],
  ['loopback, mapped, hex', 'https://[::ffff:7f00:1]/'],
  ['loopback, compatible', 'https://[::127.0.0.1]/'],
  ['NAT64', 'https://[64:ff9b::7f00:1]/'],
  ['6to4', 'https://[2002:7f00:1::]/'],
  ['unspecified', 'https://0.0.0.0/'],
  ['private', 'https://10.0.0.1/'],
  ['private, 192.168', 'https://192.168.1.1/'],
  ['carrier NAT', 'https://100.64.0.1/'],
  ['metadata', 'https://169.254.169.254/latest/meta-data/'],
  ['metadata over http', 'http://169.254.169.254/latest/meta-data/'],
  ['metadata by name', 'https://metadata.google.internal/'],
  ['unique local', 'https://[fd00:ec2::254]/'],
  ['a public address', 'https://8.8.8.8/'],
  ['a public address, IPv6', 'https://[2606:4700::1111]/'],

  ['another host', 'https://evil.example/fcm/send/abc'],
  ['a host below a good one', 'https://fcm.googleapis.com.evil.example/abc'],
  ['a host beside a good one', 'https://evil.googleapis.com/abc'],
  ['a host below an exact one', 'https://a.fcm.googleapis.com/abc'],
  ['an end without its dot', 'https://evilpush.apple.com/abc'],
  ['an end without its dot, windows', 'https://evilnotify.windows.com/abc'],
  ['an end without its dot, mozilla', 'https://evilpush.services.mozilla.com/abc'],
  ['the end itself', 'https://push.apple.com/abc'],
  ['the end in the path', 'https://evil.example/.push.apple.com'],
  ['the end in the query', 'https://evil.example/?.push.apple.com'],
  ['a dot at the end', 'https://fcm.googleapis.com./fcm/send/abc'],
  ['a dot too many', 'https://a..push.apple.com/abc'],
  ['a label with an underscore', 'https://a_b.push.apple.com/abc'],
  ['capitals', 'https://FCM.googleapis.com/fcm/send/abc'],
  ['a backslash', 'https://fcm.googleapis.com\\@127.0.0.1/abc'],
  ['a backslash for a slash', 'https:\\\\fcm.googleapis.com\\abc'],
  ['a tab', 'https://fcm.googleapis.com/\tabc'],
  ['a line break', 'https://fcm.googleapis.com/abc\r\nHost: localhost'],
  ['a NUL', 'https://fcm.googleapis.com/abc\u0000'],
  ['a space before', ' https://fcm.googleapis.com/abc'],
  ['a space after', 'https://fcm.googleapis.com/abc '],
  ['dots in the path', 'https://fcm.googleapis.com/fcm/../abc'],
  ['percent signs in the host', 'https://fcm%2egoogleapis.com/abc'],
  ['wide letters', 'https://ｆcm.googleapis.com/abc'],
  ['another full stop', 'https://fcm。googleapis.com/abc'],
  ['a Cyrillic letter', 'https://fсm.googleapis.com/abc'],
  ['half a character', 'https://fcm.googleapis.com/\uD800'],
  ['three slashes', 'https:///fcm.googleapis.com/abc'],
  ['no slashes', 'https:fcm.googleapis.com/abc'],

  ['the stand-in by its address', `http://127.0.0.1:${standIn}/wpush/v2/abc`],
  ['the stand-in over https', `https://localhost:${standIn}/wpush/v2/abc`],
  ['the stand-in with a user', `http://user@localhost:${standIn}/wpush/v2/abc`],
  ['the stand-in by a name below', `http://a.localhost:${standIn}/wpush/v2/abc`],
  ['another port beside the stand-in', `http://localhost:${trap}/wpush/v2/abc`],
  ['the stand-in as a user', `http://localhost:${standIn}@localhost:${trap}/`],
];

/** The answers of a name server in order. The last one repeats. */
type Script = (string | string[] | Error)[];

/**
 * A network with scripted DNS that leads every port to one server, so that an address which passes the look-up really
 * connects there. Connections that would leave the machine are cut off and noted.
 */
class ScriptedNetwork extends PushNetwork {
  readonly asked: string[] = [];
  readonly outside: string[] = [];

  constructor(
    private readonly script: Script,
    private readonly port: number,
  ) {
    super();
    this.resolve = (host, options, callback) => {
      this.asked.push(host);
      const next = this.script.length > 1 ? this.script.shift()! : this.script[0]!;
      if (next instanceof Error) return callback(next, '', 0);
      const all = [next].flat().map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
      if (options.all) callback(null, all);
      else callback(null, all[0]!.address, all[0]!.family);
    };
  }

  override connector(endpoint: PushEndpoint): buildConnector.connector {
    const connect = super.connector(endpoint);
    return (options, callback) => connect({ ...options, protocol: 'http:', port: String(this.port) }, callback);
  }

  protected override lookupFor(endpoint: PushEndpoint): LookupFunction {
    const judged = super.lookupFor(endpoint);
    return (host, options, callback) =>
      judged(host, options, (error, found, family) => {
        const addresses = Array.isArray(found) ? found.map((it) => it.address) : [found];
        if (error || addresses.every((it) => /^127\.|^::1$/.test(it))) return callback(error, found, family);
        this.outside.push(...addresses);
        callback(Object.assign(new Error('tests connect to this machine only'), { code: 'ENETUNREACH' }), '', 0);
      });
  }
}

const notFound = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
const again = Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });

describe('ssrf: an endpoint of a subscription', () => {
  let app: TestApp;
  let trap: Trap;
  let standIn: ReturnType<typeof createHttpServer>;
  let standInPort: number;
  let standInRequests = 0;
  const senders: FreshSender[] = [];

  beforeAll(async () => {
    trap = await Trap.start();
    standIn = createHttpServer((request, response) => {
      standInRequests += 1;
      request.resume().once('end', () => response.writeHead(201).end());
    });
    await new Promise<void>((resolve) => standIn.listen(0, 'localhost', resolve));
    standInPort = (standIn.address() as AddressInfo).port;
    app = await TestApp.start({ env: { ROLE: 'web', PUSH_STAND_IN_URL: `http://localhost:${standInPort}` } });
  });
  beforeEach(() => {
    trap.connections = 0;
    standInRequests = 0;
  });
  afterEach(async () => {
    for (const it of senders.splice(0)) await it.close();
  });
  afterAll(async () => {
    await app.stop();
    await trap.stop();
    standIn.closeAllConnections();
    await new Promise((resolve) => standIn.close(resolve));
  });

  const senderBy = (network: PushNetwork) => {
    const fresh = new FreshSender(app, network);
    senders.push(fresh);
    return fresh.sender;
  };
  const subscribe = (endpoint: string) => {
    const body = newSubscription();
    return app.anonymous().post('/push/subscriptions', { ...body, subscription: { ...body.subscription, endpoint } });
  };

  it('may have a host of PUSH_HOSTS, and no other spelling of it', () => {
    const hosts = ['push.news.example', '.up.example', 'auto.news.example:8443'];
    const at = (origin: string) => checkEndpoint(`${origin}/wpush/v2/abc`, undefined, hosts);
    for (const origin of ['https://push.news.example', 'https://a.up.example', 'https://auto.news.example:8443'])
      expect(at(origin)).toMatchObject({ origin, service: 'mozilla', standIn: false });
    for (const origin of [
      'http://push.news.example',
      'https://push.news.example:8443',
      'https://x.push.news.example',
      'https://evilup.example',
      'https://up.example',
      'https://auto.news.example',
      'https://127.0.0.1',
    ])
      expect(at(origin)).toMatchObject({ refused: expect.any(String) });
  });

  it('is accepted in the forms that browsers give', async () => {
    for (const endpoint of [...GOOD, `http://localhost:${standInPort}/wpush/v2/abc`])
      expect([endpoint, (await subscribe(endpoint)).status]).toEqual([endpoint, 201]);
  });

  it('is refused in every other spelling at subscribing, and not stored', async () => {
    const before = await app.sql('select count(*) from push_subscriptions');
    for (const [name, endpoint] of bad(trap.port, standInPort)) {
      const answer = await subscribe(endpoint);
      expect([name, answer.status, answer.body.code]).toEqual([name, 400, 'push.endpoint_refused']);
      expectProblem(answer, 400, 'push.endpoint_refused');
      expect(answer.body.errors).toEqual([{ path: 'subscription.endpoint', message: expect.any(String) }]);
      expect(answer.text).not.toContain(JSON.stringify(endpoint || 'nothing').slice(1, -1));
    }
    expect(await app.sql('select count(*) from push_subscriptions')).toEqual(before);
    expect([trap.connections, standInRequests]).toEqual([0, 0]);
  });

  it('is refused in the same spellings at sending when the table holds them', async () => {
    // The name server gives the trap's address for every name, so an endpoint that passes would connect to the trap.
    const network = new ScriptedNetwork(['127.0.0.1'], trap.port);
    const sender = senderBy(network);
    const keys = newSubscription().subscription.keys;
    for (const [name, endpoint] of bad(trap.port, standInPort)) {
      // Postgres cannot store these
      if (endpoint.includes('\u0000') || !endpoint.isWellFormed() || endpoint.length > 2_048) continue;
      const [row] = await app.sql<{ endpoint: string; keyId: string; createdAt: Date }>(
        `insert into push_subscriptions (public_id, endpoint, endpoint_hash, p256dh, auth, key_id, time_zone,
           created_at, seen_at, changed_at)
         select $1, $2, sha256(convert_to($1, 'utf8')), $3, $4, id, 'UTC', now() - interval '1 day', now(), now()
         from push_keys returning endpoint, key_id::text as "keyId", created_at as "createdAt"`,
        [`at sending: ${name}`, endpoint, keys.p256dh, keys.auth],
      );
      const outcome = await sender.send({ id: '1', ...keys, ...row! }, pushMessage());
      expect([name, outcome.kind]).toEqual([name, 'refused']);
      expect((outcome as { reason: string }).reason).not.toContain(endpoint || 'nothing');
    }
    for (const endpoint of ['https://fcm.googleapis.com/\u0000', 'https://fcm.googleapis.com/\uD800'])
      expect((await sender.send(await pushTarget(app, { endpoint }), pushMessage())).kind).toBe('refused');
    expect([network.asked, trap.connections, standInRequests]).toEqual([[], 0, 0]);
  });

  const PRIVATE = [
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '100.64.0.1',
    '100.127.255.254',
    '169.254.169.254',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::127.0.0.1',
    '::8.8.8.8',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::808:808',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2002:808:808::',
    '2001::1',
    '2001:db8::1',
    '3fff::1',
    '100::1',
    '100:0:0:1::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%lo',
    'fec0::1',
    'ff02::1',
    '4000::1',
    'no address',
    '',
  ];

  it('may have a public address only', () => {
    expect(PRIVATE.filter(isPublicAddress)).toEqual([]);
    const open = ['8.8.8.8', '142.250.1.95', '34.107.221.82', '17.57.12.1', '2a00:1450:4001:80b::200a', '2620:149::1'];
    expect(open.filter(isPublicAddress)).toEqual(open);
  });

  it.each(PRIVATE.slice(0, -2))('is refused when its allowed name leads to %s', async (address) => {
    const network = new ScriptedNetwork([address], trap.port);
    const outcome = await senderBy(network).send(await pushTarget(app), pushMessage());
    expect(outcome).toEqual({
      kind: 'refused',
      reason: 'fcm.googleapis.com leads to an address that is not public.',
    });
    expect([network.asked, network.outside, trap.connections]).toEqual([['fcm.googleapis.com'], [], 0]);
  });

  it('is refused when one address of its name is not public', async () => {
    const network = new ScriptedNetwork([['8.8.8.8', '2606:4700::1', '127.0.0.1']], trap.port);
    expect((await senderBy(network).send(await pushTarget(app), pushMessage())).kind).toBe('refused');
    expect([network.outside, trap.connections]).toEqual([[], 0]);
  });

  it('is refused when its name leads to another address the second time', async () => {
    const network = new ScriptedNetwork(['8.8.8.8', '127.0.0.1'], trap.port);
    const sender = senderBy(network);
    const kinds: string[] = [];
    for (let i = 0; i < 4; i += 1) kinds.push((await sender.send(await pushTarget(app), pushMessage())).kind);
    // The first attempt connects to 8.8.8.8 alone. Each connection uses its own look-up, so DNS rebinding has no
    // effect.
    expect(kinds).toEqual(['retry', 'refused', 'refused', 'refused']);
    expect([network.outside, network.asked.length, trap.connections]).toEqual([['8.8.8.8'], 4, 0]);
  });

  it.each([
    ['no such name', notFound],
    ['no name server', again],
  ])('is tried again later when its look-up fails (%s)', async (_name, error) => {
    const network = new ScriptedNetwork([error], trap.port);
    const outcome: PushOutcome = await senderBy(network).send(await pushTarget(app), pushMessage());
    expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringContaining(error.code) });
    expect(trap.connections).toBe(0);
  });

  it('leads to the stand-in at a loopback address only', async () => {
    const endpoint = `http://localhost:${standInPort}/wpush/v2/abc`;
    const to = async (network: PushNetwork) =>
      (await senderBy(network).send(await pushTarget(app, { endpoint }), pushMessage())).kind;
    expect(await to(new PushNetwork())).toBe('accepted');
    expect(standInRequests).toBe(1);
    for (const address of ['10.0.0.1', '169.254.169.254', '8.8.8.8'])
      expect(await to(new ScriptedNetwork([address], trap.port))).toBe('refused');
    expect(trap.connections).toBe(0);
    // With the stand-in's address this network does reach the trap, which proves that the trap works.
    expect(await to(new ScriptedNetwork(['127.0.0.1'], trap.port))).toBe('retry');
    expect(trap.connections).toBe(1);
  });

  it('is refused at the stand-in’s address when no stand-in is set', async () => {
    const bare = await TestApp.start({ env: { ROLE: 'web' } });
    try {
      expect(bare.get(Config).pushStandIn).toBeUndefined();
      const body = newSubscription();
      const endpoint = `http://localhost:${standInPort}/wpush/v2/abc`;
      const request = { ...body, subscription: { ...body.subscription, endpoint } };
      expectProblem(await bare.anonymous().post('/push/subscriptions', request), 400, 'push.endpoint_refused');
    } finally {
      await bare.stop();
    }
  });
});
