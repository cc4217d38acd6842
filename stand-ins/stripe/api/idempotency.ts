import { createHash } from 'node:crypto';
import { invalid, StripeError } from '../model/errors.js';
import type { SavedResponse, State } from '../model/state.js';

const DAY = 86_400;

/** Stripe's idempotency keys, v1: for a day the same key gives the same response, also a 500. */
export class Idempotency {
  private readonly inFlight = new Set<string>();

  constructor(private readonly state: State) {}

  /**
   * Claims the key, or returns the response that is saved under it.
   * @throws StripeError 400 `idempotency_error` for other parameters, 409 while the first request is still running
   */
  begin(key: string, path: string, params: unknown, now: number): SavedResponse | undefined {
    if (key.length > 255) throw invalid('Idempotency keys can be up to 255 characters long.');
    const { answers } = this.state;
    for (const [name, it] of Object.entries(answers)) if (it.at <= now - DAY) delete answers[name];
    const saved = answers[`key:${key}`];
    if (saved && saved.path !== path)
      throw mismatch(
        `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${saved.path}').`,
      );
    if (saved && saved.fingerprint !== fingerprint(params))
      throw mismatch(
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    if (saved) return saved;
    if (this.inFlight.has(key))
      throw new StripeError(
        409,
        'idempotency_error',
        `There is currently another in-progress request using this Idempotency Key: ${key}`,
        'idempotency_key_in_use',
      );
    this.inFlight.add(key);
    return undefined;
  }

  /** Saves the response under its key. */
  keep(key: string, answer: Omit<SavedResponse, 'fingerprint'>, params: unknown): void {
    this.state.answers[`key:${key}`] = { ...answer, fingerprint: fingerprint(params) };
  }

  end(key: string): void {
    this.inFlight.delete(key);
  }
}

const mismatch = (message: string) => new StripeError(400, 'idempotency_error', message);
const fingerprint = (params: unknown) => createHash('sha256').update(JSON.stringify(params)).digest('base64url');
