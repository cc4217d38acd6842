import type { PushOutcome, Attempt } from './push.types.js';

/** The most attempts of one message to one subscription. */
const MOST_ATTEMPTS = 4;

export interface NextAttempt extends Required<Attempt> {
  /** Seconds from now. */
  after: number;
}

/** The next attempt of a message, if there is one. A pause of the whole origin does not count as an attempt. */
export function nextAttempt(outcome: PushOutcome, { attempt = 1, doubted = false }: Attempt): NextAttempt | undefined {
  if (outcome.kind === 'paused') return { attempt, doubted, after: outcome.after };
  if (outcome.kind !== 'retry' || attempt >= MOST_ATTEMPTS) return undefined;
  return { attempt: attempt + 1, doubted: doubted || outcome.doubted === true, after: outcome.after };
}

/** Counts the messages that are tried again, by their reason. */
export function retriesOf(outcomes: readonly PushOutcome[], its: Attempt): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const outcome of outcomes)
    if ((outcome.kind === 'retry' || outcome.kind === 'paused') && nextAttempt(outcome, its))
      reasons.set(outcome.reason, (reasons.get(outcome.reason) ?? 0) + 1);
  return reasons;
}

/** Counts final failures by their reason. Ended subscriptions are not failures. */
export function failuresOf(outcomes: readonly PushOutcome[], its: Attempt): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const outcome of outcomes)
    if (outcome.kind !== 'accepted' && outcome.kind !== 'gone' && !nextAttempt(outcome, its))
      reasons.set(outcome.reason, (reasons.get(outcome.reason) ?? 0) + 1);
  return reasons;
}
