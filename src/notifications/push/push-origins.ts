import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Pool } from 'undici';
import webPush from 'web-push';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { PushCircuit } from './push-circuit.js';
import { PushConsensus } from './push-consensus.js';
import { PushDevices } from './push-devices.js';
import type { PushEndpoint } from './push-endpoint.js';
import type { PushKey } from './push-keys.service.js';
import { PushNetwork } from './push-network.js';
import { PushThrottle } from './push-throttle.js';

/**
 * Connections to one origin: as many as two batches send at once, and some for reply alerts beside them. An answer takes
 * about 50 ms, so this allows 2,000 messages a second.
 */
const CONNECTIONS = 110;
const IDLE_MS = 30_000;
const CLOSING_MS = 3_000;
/**
 * The limit of origins in memory. Without it, subscribers could make us keep any number of names below an allowed
 * domain.
 */
const MOST_ORIGINS = 200;
const HOUR = 3_600_000;
const VALID_MS = 12 * HOUR;
/** Throttles of several subscriptions within this time are the origin's. */
const TOGETHER_MS = 10_000;
/** When so many subscriptions in a row have no answer, the whole origin counts as unavailable. */
const AWAY = 20;

interface Signature {
  /** The Authorization header. */
  header: string;
  signedAt: number;
}

/**
 * Whether a signature is at most `ms` old. One from the future is not, because it was made while the clock was wrong.
 */
export function isYounger({ signedAt }: Signature, now: Date, ms: number): boolean {
  const age = now.getTime() - signedAt;
  return age >= 0 && age <= ms;
}

/**
 * Returns the `exp` of a signature in seconds. The library refuses one that is more than a day away by the machine's clock,
 * which may be behind.
 */
const expirationOf = (now: Date): number =>
  Math.floor(Math.min(now.getTime() + VALID_MS, Date.now() + 24 * HOUR - 60_000) / 1_000);

/** The connections, throttle, circuit and signatures of one origin. `device` names a subscription. */
export class PushOrigin {
  readonly throttle = new PushThrottle();
  readonly circuit = new PushCircuit();
  private readonly throttles = new PushConsensus(TOGETHER_MS);
  private readonly unanswered = new Set<string>();
  private readonly signatures = new Map<string, Signature>();

  constructor(
    readonly origin: string,
    readonly pool: Pool,
    private readonly subject: string,
  ) {}

  /** Notes that the origin answered. */
  answered(now: Date, throttled: boolean): void {
    this.unanswered.clear();
    if (!throttled) this.throttles.succeeded(now);
  }

  /**
   * Notes an answer that asks for a pause and does not say whose.
   * @param asked seconds of its Retry-After
   * @returns seconds of the origin's pause; undefined while only some subscriptions are throttled
   */
  throttled(device: string, now: Date, asked: number | undefined): number | undefined {
    return this.throttles.failed(device, now) ? this.throttle.throttled(now, asked) : undefined;
  }

  /**
   * Notes that a message had no answer or a server error. After many subscriptions in a row the origin pauses, because
   * each failure would otherwise block a slot for ten seconds.
   * @returns seconds of the origin's pause; undefined while only some subscriptions failed
   */
  failed(device: string, now: Date): number | undefined {
    if (this.unanswered.size < AWAY) this.unanswered.add(device);
    return this.unanswered.size < AWAY ? undefined : this.throttle.throttled(now, undefined);
  }

  /**
   * Returns the signature for a key. It is valid for 12 hours and used for 6, as RFC 8292 recommends reuse.
   * @param olderThan milliseconds; an older signature is made anew
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
      'aes128gcm',
      expirationOf(now),
    );
    const signature = { header, signedAt: now.getTime() };
    this.signatures.set(key.id, signature);
    return signature;
  }
}

/** The origins that messages were sent to, in the order of their last use. */
@Injectable()
export class PushOrigins implements OnModuleDestroy {
  private readonly known = new Map<string, PushOrigin>();
  /** The pauses of single subscriptions at all origins. */
  readonly devices = new PushDevices();
  /** Whether the process is stopping, so that no further message is sent. */
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

  /** Runs before the worker stops, because the worker waits for its running jobs. */
  async onModuleDestroy(): Promise<void> {
    this.isClosing = true;
    await Promise.all([...this.known.values()].map(({ pool }) => closeSoon(pool)));
  }

  private forgetOldest(): void {
    if (this.known.size <= MOST_ORIGINS) return;
    const now = this.clock.now();
    // Prefers to drop an origin that has no pause left, so that pauses are kept.
    const [oldest] = [...this.known.values()].sort((a, b) => a.throttle.secondsLeft(now) - b.throttle.secondsLeft(now));
    this.known.delete(oldest!.origin);
    void oldest!.pool.close().catch(() => {}); // requests that are running still end
  }
}

/** Closes a pool once its running requests end, at the latest after some seconds. */
async function closeSoon(pool: Pool): Promise<void> {
  const deadline = setTimeout(() => void pool.destroy(), CLOSING_MS);
  await pool.close().catch(() => {}); // destroyed meanwhile
  clearTimeout(deadline);
}
