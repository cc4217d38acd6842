import type { IncomingMessage } from 'node:http';
import { type PushResponse, Refusal } from './answers.js';
import { checkMessage, MAX_BODY } from './message.js';
import type { MessageStore, Push } from './message-store.js';
import { checkVapid } from './vapid.js';

/** A response that senders get instead of the service's own. */
export interface Fault {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** Sent as JSON, unless it is a string. */
  readonly body?: unknown;
  /** The number of messages that get it; all by default. */
  readonly count?: number;
  /** The endpoint whose messages get it; all by default. */
  readonly endpoint?: string;
}

/** A message that was not accepted. */
export interface RefusedMessage {
  readonly at: Date;
  readonly token: string;
  readonly status: number;
  readonly errno: number | null;
  readonly message: string;
}

interface Hooks {
  origin(): string;
  now(): Date;
  deliver(push: Push): void;
  changed(): void;
  saved(): Promise<void>;
}

const KEPT_REFUSALS = 1_000;

/** Serves application servers: RFC 8030 with VAPID, with the refusals of autopush in its order and words. */
export class Senders {
  readonly refusals: RefusedMessage[] = [];
  private fault: Fault | undefined;
  private faultsUsed = 0;

  constructor(
    private readonly store: MessageStore,
    private readonly hooks: Hooks,
  ) {}

  setFault(fault: Fault | undefined): void {
    [this.fault, this.faultsUsed] = [fault, 0];
  }

  async post(token: string, request: IncomingMessage): Promise<PushResponse> {
    try {
      const body = await readBody(request, MAX_BODY);
      const fault = this.faultFor(token);
      if (fault) {
        this.refuse(token, fault.status, null, 'A fault set for this message');
        return fault;
      }
      const subscription = this.store.find(token);
      const { authorization } = request.headers;
      checkVapid(authorization, subscription.key, this.hooks.origin(), this.hooks.now());
      const options = checkMessage(request.headers, body);
      const push = this.store.accept(subscription, body, options);
      await this.hooks.saved();
      this.hooks.deliver(push);
      this.hooks.changed();
      return { status: 201, headers: { location: this.urlOf(push), ttl: String(push.ttl) } };
    } catch (error) {
      if (error instanceof Refusal) this.refuse(token, error.status, error.errno, error.message);
      throw error;
    }
  }

  async delete(id: string): Promise<PushResponse> {
    this.store.delete(id);
    await this.hooks.saved();
    return { status: 204 };
  }

  urlOf(push: Push): string {
    return `${this.hooks.origin()}/m/${push.id}`;
  }

  private faultFor(token: string): Fault | undefined {
    const { fault } = this;
    if (!fault || this.faultsUsed >= (fault.count ?? Infinity) || !(fault.endpoint ?? token).endsWith(token))
      return undefined;
    this.faultsUsed += 1;
    return fault;
  }

  private refuse(token: string, status: number, errno: number | null, message: string): void {
    this.refusals.push({ at: this.hooks.now(), token, status, errno, message });
    if (this.refusals.length > KEPT_REFUSALS) this.refusals.shift();
    this.hooks.changed();
  }
}

/** Reads a body to its end and keeps one byte more than the limit, so that its length shows that it was too long. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (length <= limit) chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, limit + 1);
}
