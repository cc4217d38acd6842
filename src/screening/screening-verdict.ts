import { DomainError } from '../errors/domain-error.js';

/** The text may be shown at once. */
export interface Publish {
  verdict: 'publish';
  /** The text to store. */
  body: string;
}

/** The text is kept, and shown only after a moderator has agreed. */
export interface Hold {
  verdict: 'hold';
  code: string;
  /** Complete sentences for the author. */
  reason: string;
}

/** A hold with the text to keep. */
export interface HeldText extends Hold {
  body: string;
}

/** The text is not kept; the author can change it and send it again. */
export interface Refusal {
  verdict: 'refuse';
  code: string;
  /** Complete sentences for the author: what is wrong and what to do. */
  reason: string;
}

export const refuse = ({ code, reason }: Omit<Refusal, 'verdict'>): Refusal => ({ verdict: 'refuse', code, reason });
export const hold = ({ code, reason }: Omit<Hold, 'verdict'>): Hold => ({ verdict: 'hold', code, reason });

/** A refusal as the answer to the request that brought the text (422). */
export const refusedText = ({ code, reason }: Refusal): DomainError =>
  new DomainError(code, 'unprocessable', { detail: reason, errors: [{ path: 'body', message: reason }] });
