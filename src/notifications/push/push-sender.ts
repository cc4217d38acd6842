import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import webPush from 'web-push';
import { Clock } from '../../clock/clock.js';
import { Config } from '../../config/config.js';
import { LogTally } from '../../log/log-tally.js';
import { Metrics } from '../../metrics/metrics.js';
import { AddressRefused } from './push-addresses.js';
import { type AnswerKind, classifyAnswer, reasonOf } from './push-answers.js';
import { checkEndpoint, type PushEndpoint } from './push-endpoint.js';
import { type PushKey, PushKeys } from './push-keys.service.js';
import { isYounger, type PushOrigin, PushOrigins } from './push-origins.js';
import { backoff, retryAfter } from './push-throttle.js';
import { MAX_PAYLOAD_BYTES } from './push-payload.js';
import { type PushAnswer, postPush } from './push-transport.js';
import { type PushMessage, type PushOutcome, type PushTarget, type Attempt, URGENCIES } from './push.types.js';

/** 28 days, after which FCM drops a message. It is the shortest limit of all services. */
const LONGEST_TTL = 2_419_200;
/** FCM sometimes answers 410 for a new subscription, and 201 soon after. */
const NEW_SUBSCRIPTION_MS = 10 * 60_000;
/** Seconds until a service is asked again about a subscription that it called ended or of another key. */
const ASK_AGAIN_AFTER = 60;
/**
 * Seconds by which a message whose signature was refused waits longer, so that another message is the circuit's trial.
 */
const TRIAL_DELAY = 30;
/** Seconds until another process has taken over. */
const TAKE_OVER_AFTER = 5;
/** Seconds until the next attempt after an error of our own, such as a failed look-up of a key. */
const AFTER_OUR_FAILURE = 15;
/** A refusal of a signature younger than this is not due to its age. */
const FRESH_MS = 60_000;

/** One message that is being sent. */
interface PushExchange {
  target: PushTarget;
  message: PushMessage;
  endpoint: PushEndpoint;
  origin: PushOrigin;
  /** A hash of the endpoint, by which pauses are kept. */
  device: string;
  key: PushKey;
  attempt: number;
  doubted: boolean;
}

/**
 * Sends one message to one browser: checks the endpoint, encrypts (RFC 8291), signs (RFC 8292), posts (RFC 8030) and
 * classifies the answer. It writes nothing to the database.
 */
@Injectable()
export class PushSender {
  private readonly log = new Logger('Push');
  private readonly failures = new LogTally((line) => this.log.error(line));

  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly keys: PushKeys,
    private readonly origins: PushOrigins,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Never throws. Answers, network errors and errors of our own are outcomes, so that one subscription cannot stop the
   * others of its batch.
   */
  async send(target: PushTarget, message: PushMessage, its: Attempt = {}): Promise<PushOutcome> {
    const outcome = await this.trySend(target, message, its).catch((error: Error): PushOutcome => {
      this.failures.add(`Our side failed: ${error.message}`);
      return { kind: 'retry', after: AFTER_OUR_FAILURE, reason: 'the sender failed' };
    });
    this.metrics.pushes.inc({ outcome: outcome.kind });
    return outcome;
  }

  private async trySend(
    target: PushTarget,
    message: PushMessage,
    { attempt = 1, doubted = false }: Attempt,
  ): Promise<PushOutcome> {
    const endpoint = checkEndpoint(target.endpoint, this.config.pushStandIn, this.config.pushHosts);
    if ('refused' in endpoint) return { kind: 'refused', reason: `The endpoint ${endpoint.refused}.` };
    const fault = invalidReasonOf(message);
    if (fault) return { kind: 'refused', reason: fault };
    if (this.origins.isClosing) return stopping;
    const origin = this.origins.of(endpoint);
    const device = createHash('sha256').update(target.endpoint).digest('base64url');
    const held = this.held(origin, endpoint, device);
    if (held) return held;
    const key = await this.keys.byId(target.keyId);
    const sending = { target, message, endpoint, origin, device, key, attempt, doubted };
    try {
      return this.outcome(sending, await this.exchange(sending));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (error.cause instanceof AddressRefused) return { kind: 'refused', reason: `${error.cause.message}.` };
      if (this.origins.isClosing) return stopping;
      const { code, message: text } = error.cause;
      const after = origin.failed(device, this.clock.now()) ?? backoff(attempt);
      return { kind: 'retry', after, reason: `No answer from ${endpoint.host}: ${code ?? text}` };
    }
  }

  /** The outcome when a throttle of the origin or the subscription, or the circuit, holds messages back. */
  private held({ throttle, circuit }: PushOrigin, { host }: PushEndpoint, device: string): PushOutcome | undefined {
    const now = this.clock.now();
    const wait = throttle.secondsLeft(now);
    if (wait) return { kind: 'paused', after: wait, reason: `${host} asked us to wait, or does not answer` };
    const rest = this.origins.devices.secondsLeft(device, now);
    if (rest) return { kind: 'paused', after: rest, reason: `${host} asked us to wait with this subscription` };
    const pause = circuit.secondsLeft(now);
    if (pause) return signaturesRefused(host, pause);
    return undefined;
  }

  /**
   * Posts a message, and again with a new signature when an older one was refused, because clocks differ (RFC 8292
   * 4.2).
   */
  private async exchange(sending: PushExchange): Promise<PushAnswer> {
    const { origin, key, endpoint } = sending;
    const now = this.clock.now();
    const signature = origin.signature(key, now);
    const answer = await this.post(sending, signature.header);
    const answerKind = classifyAnswer(answer, endpoint.service);
    if (answerKind !== 'signature' && answerKind !== 'token') return answer;
    if (isYounger(signature, now, FRESH_MS)) return answer;
    return this.post(sending, origin.signature(key, this.clock.now(), FRESH_MS).header);
  }

  private post({ target, message, endpoint, origin }: PushExchange, authorization: string): Promise<PushAnswer> {
    // Every attempt needs a new key pair and salt (RFC 8291 3.1).
    const { cipherText } = webPush.encrypt(target.p256dh, target.auth, message.payload, 'aes128gcm');
    const ttl = Math.max(0, Math.min(LONGEST_TTL, Math.floor(message.ttl)));
    const headers: Record<string, string> = {
      authorization,
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      ttl: String(ttl),
      urgency: message.urgency,
    };
    if (message.topic !== undefined) headers.topic = message.topic;
    // WNS answers TTL 0 with 400 unless the policy says that it must not cache.
    if (endpoint.service === 'wns') headers['x-wns-cache-policy'] = ttl ? 'cache' : 'no-cache';
    return postPush(origin.pool, { path: endpoint.path, headers, body: cipherText }).catch((error: Error) => {
      throw new NoAnswer(error);
    });
  }

  private outcome(sending: PushExchange, answer: PushAnswer): PushOutcome {
    const { origin, endpoint, device, doubted } = sending;
    const answerKind = classifyAnswer(answer, endpoint.service);
    const now = this.clock.now();
    if (answerKind !== 'unavailable') origin.answered(now, answerKind.startsWith('throttled'));
    if (answerKind === 'accepted') {
      this.origins.devices.accepted(device);
      origin.throttle.accepted();
      origin.circuit.accepted(now);
      return { kind: 'accepted', ...this.messageUrl(answer, endpoint) };
    }
    const reason = reasonOf(answer, endpoint);
    if (answerKind === 'signature' || answerKind === 'token')
      return this.signatureRefused(sending, answerKind, reason, now);
    if (answerKind === 'again') return { kind: 'retry', after: 1, reason };
    const after = this.pauseAfter(sending, answerKind, retryAfter(answer.headers['retry-after'], now));
    if (after !== undefined) return { kind: 'retry', after, reason };
    if (answerKind === 'refused') return { kind: 'refused', reason };
    origin.circuit.accepted(now); // the service accepted the signature before it answered 404 or 410
    const isNew = now.getTime() - sending.target.createdAt.getTime() < NEW_SUBSCRIPTION_MS;
    return isNew && !doubted ? askAgain(reason) : { kind: 'gone', reason };
  }

  /**
   * Notes the pause that an answer asks for where it belongs: at the subscription, at its origin, or at both.
   * @param asked seconds of its Retry-After
   * @returns seconds until the next attempt; undefined when the answer asks for none
   */
  private pauseAfter(
    { origin, device, attempt }: PushExchange,
    answerKind: AnswerKind,
    asked: number | undefined,
  ): number | undefined {
    const now = this.clock.now();
    if (answerKind === 'throttled_origin') return origin.throttle.throttled(now, asked);
    if (answerKind === 'throttled_device') return this.origins.devices.throttled(device, now, asked);
    if (answerKind === 'unavailable' && asked === undefined) return origin.failed(device, now) ?? backoff(attempt);
    if (answerKind !== 'throttled' && answerKind !== 'unavailable') return undefined;
    const ofDevice = this.origins.devices.throttled(device, now, asked);
    return Math.max(ofDevice, origin.throttled(device, now, asked) ?? 0);
  }

  /** Marks a subscription only at its second refusal. If our key or clock is wrong, the circuit is open by then. */
  private signatureRefused(
    { origin, endpoint, device, doubted }: PushExchange,
    answerKind: AnswerKind,
    reason: string,
    now: Date,
  ): PushOutcome {
    const wasOpen = origin.circuit.isOpen;
    const pause = origin.circuit.refusedSignature(now, device, !doubted);
    if (pause) {
      if (!wasOpen)
        this.log.warn(
          `Pushes to ${endpoint.host} pause for ${pause / 60} minutes, because it refuses our signature (${reason}). ` +
            `Check VAPID_SUBJECT, this machine's clock, and whether push_keys was replaced.`,
        );
      return signaturesRefused(endpoint.host, pause + TRIAL_DELAY);
    }
    if (!doubted) return askAgain(reason);
    return { kind: answerKind === 'token' ? 'refused' : 'key_mismatch', reason };
  }

  /** The address at which the service lets us delete the message, if it is an allowed one. */
  private messageUrl({ headers: { location } }: PushAnswer, { origin }: PushEndpoint): { messageUrl?: string } {
    if (typeof location !== 'string') return {};
    const messageUrl = /^\/[^/\\]/.test(location) ? origin + location : location;
    // An address at the endpoint's own origin is allowed like the endpoint.
    if (messageUrl.startsWith(`${origin}/`)) return { messageUrl };
    return 'refused' in checkEndpoint(messageUrl, this.config.pushStandIn, this.config.pushHosts) ? {} : { messageUrl };
  }
}

/** The network failed. */
class NoAnswer extends Error {
  constructor(override readonly cause: Error & { code?: string }) {
    super(cause.message);
  }
}

const askAgain = (reason: string): PushOutcome => ({
  kind: 'retry',
  after: ASK_AGAIN_AFTER,
  reason,
  doubted: true,
});

const stopping: PushOutcome = { kind: 'paused', after: TAKE_OVER_AFTER, reason: 'this process is stopping' };

const signaturesRefused = (host: string, after: number): PushOutcome => ({
  kind: 'paused',
  after,
  reason: `${host} refuses our signatures, so sending to it pauses`,
});

/** The reason why no service could accept a message, if there is one. */
function invalidReasonOf({ payload, ttl, urgency, topic }: PushMessage): string | undefined {
  const bytes = Buffer.byteLength(payload);
  if (bytes > MAX_PAYLOAD_BYTES) return `The payload has ${bytes} bytes; ${MAX_PAYLOAD_BYTES} is the most.`;
  if (!Number.isFinite(ttl)) return 'The TTL is no number of seconds.';
  if (!URGENCIES.includes(urgency)) return 'The urgency is none of RFC 8030.';
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(topic)) return 'The topic is not 1 to 32 characters of base64url.';
  return undefined;
}
