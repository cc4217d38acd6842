import type { IncomingMessage } from 'node:http';
import { type PushAnswer, Refusal } from './answers.js';
import { checkMessage, MAX_BODY } from './message.js';
import type { PostOffice, Push } from './message-store.js';
import { checkVapid } from './vapid.js';

/** An answer to senders instead of the service's own. */
export interface Fault {
  readonly status: number;
  readonly headers?: Record<string, string>;
  /** JSON unless it is a text. */
  readonly body?: unknown;
  /** How many messages it meets; all by default. */
  readonly count?: number;
  /** Only messages to this one. */
  readonly endpoint?: string;
}

/** A message that was not accepted. */
export interface Refused {
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

/** The service towards application servers: RFC 8030 with VAPID, its refusals in autopush's order and words. */
export class Senders {
  readonly refusals: Refused[] = [];
  private fault: Fault | undefined;
  private met = 0;

  constructor(
    private readonly office: PostOffice,
    private readonly hooks: Hooks,
  ) {}

  setFault(fault: Fault | undefined): void {
    [this.fault, this.met] = [fault, 0];
  }

  async post(token: string, request: IncomingMessage): Promise<PushAnswer> {
    try {
      const body = await bodyOf(request, MAX_BODY);
      const fault = this.faultFor(token);
      if (fault) {
        this.refuse(token, fault.status, null, 'A fault that was set');
        return fault;
      }
      const subscription = this.office.find(token);
      const { authorization } = request.headers;
      checkVapid(authorization, subscription.key, this.hooks.origin(), this.hooks.now());
      const options = checkMessage(request.headers, body);
      const push = this.office.accept(subscription, body, options);
      await this.hooks.saved();
      this.hooks.deliver(push);
      this.hooks.changed();
      return { status: 201, headers: { location: this.urlOf(push), ttl: String(push.ttl) } };
    } catch (error) {
      if (error instanceof Refusal) this.refuse(token, error.status, error.errno, error.message);
      throw error;
    }
  }

  async delete(id: string): Promise<PushAnswer> {
    this.office.remove(id);
    await this.hooks.saved();
    return { status: 204 };
  }

  urlOf(push: Push): string {
    return `${this.hooks.origin()}/m/${push.id}`;
  }

  private faultFor(token: string): Fault | undefined {
    const { fault } = this;
    if (!fault || this.met >= (fault.count ?? Infinity) || !(fault.endpoint ?? token).endsWith(token)) return undefined;
    this.met += 1;
    return fault;
  }

  private refuse(token: string, status: number, errno: number | null, message: string): void {
    this.refusals.push({ at: this.hooks.now(), token, status, errno, message });
    if (this.refusals.length > KEPT_REFUSALS) this.refusals.shift();
    this.hooks.changed();
  }
}

/** Reads a body to its end but keeps no more than one byte above the limit, so that its length still tells. */
export async function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (length <= limit) chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, limit + 1);
}
