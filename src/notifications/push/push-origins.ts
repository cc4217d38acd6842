import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Pool } from 'undici';
import webPush from 'web-push';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { PushCircuit } from './push-circuit.js';
import type { PushEndpoint } from './push-endpoint.js';
import type { PushKey } from './push-keys.service.js';
import { PushNetwork } from './push-network.js';
import { PushThrottle } from './push-throttle.js';

/**
 * As many as the alerts' two lanes have under way, and some for reply alerts beside them: none waits for another's slow
 * service. An answer takes some 50 ms in the world, so this is 2,000 messages a second to one origin.
 */
const CONNECTIONS = 110;
const IDLE_MS = 30_000;
const CLOSING_MS = 3_000;
/** Names below an allowed domain are free to choose, so whoever subscribes could have us keep any number of them. */
const MOST_ORIGINS = 200;
const HOUR = 3_600_000;

interface Signature {
  /** The Authorization header. */
  header: string;
  signedAt: number;
}

/** Whether it is at most so old. One of the future is of a clock that went wrong and was put right: not to be used. */
export function isYounger({ signedAt }: Signature, now: Date, ms: number): boolean {
  const age = now.getTime() - signedAt;
  return age >= 0 && age <= ms;
}

/** All that is kept of one origin of a push service. */
export class PushOrigin {
  readonly throttle = new PushThrottle();
  readonly circuit = new PushCircuit();
  private readonly signatures = new Map<string, Signature>();

  constructor(
    readonly origin: string,
    readonly pool: Pool,
    private readonly subject: string,
  ) {}

  /**
   * The signature for one key: made for 12 hours, used for 6, as RFC 8292 asks for (a service then checks it once).
   * @param olderThan ms; an older one is not used again
   */
  signature(key: PushKey, now: Date, olderThan = 6 * HOUR): Signature {
    const known = this.signatures.get(key.id);
    if (known && isYounger(known, now, olderThan)) return known;
    const { publicKey, privateKey } = key;
    const { Authorization: header } = webPush.getVapidHeaders(
      this.origin,
      this.subject,
      publicKey,
      privateKey,
      'aes128gcm', // expires in 12 hours by the machine's clock, against which the service holds it
    );
    const signature = { header, signedAt: now.getTime() };
    this.signatures.set(key.id, signature);
    return signature;
  }
}

/** The origins that were sent to, the one used last at the end. */
@Injectable()
export class PushOrigins implements OnModuleDestroy {
  private readonly known = new Map<string, PushOrigin>();
  /** The process is going: nothing more is sent. */
  isClosing = false;

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly network: PushNetwork,
  ) {}

  of(endpoint: PushEndpoint): PushOrigin {
    const known = this.known.get(endpoint.origin);
    if (known) {
      if (this.known.size > 1) {
        this.known.delete(endpoint.origin);
        this.known.set(endpoint.origin, known);
      }
      return known;
    }
    const pool = new Pool(endpoint.origin, {
      connect: this.network.connector(endpoint),
      connections: CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      headersTimeout: 0, // push-transport.ts has the one deadline for the whole answer
      bodyTimeout: 0,
    });
    const origin = new PushOrigin(endpoint.origin, pool, this.config.vapidSubject);
    this.known.set(endpoint.origin, origin);
    this.forgetOldest();
    return origin;
  }

  /** Before the worker stops, which waits for what its jobs have under way. */
  async onModuleDestroy(): Promise<void> {
    this.isClosing = true;
    await Promise.all([...this.known.values()].map(({ pool }) => closeSoon(pool)));
  }

  private forgetOldest(): void {
    if (this.known.size <= MOST_ORIGINS) return;
    const now = this.clock.now();
    // One that asked us to wait is remembered as long as there is another to forget.
    const [oldest] = [...this.known.values()].sort((a, b) => a.throttle.secondsLeft(now) - b.throttle.secondsLeft(now));
    this.known.delete(oldest!.origin);
    void oldest!.pool.close().catch(() => {}); // ends what is under way
  }
}

/** Lets what is under way end, for a moment. */
async function closeSoon(pool: Pool): Promise<void> {
  const impatient = setTimeout(() => void pool.destroy(), CLOSING_MS);
  await pool.close().catch(() => {}); // destroyed meanwhile
  clearTimeout(impatient);
}
