import { sha256 } from './tokens.js';

/**
 * Returns the mailbox that an address leads to, as far as its spelling tells: without `+tag` and dots. Budgets count by
 * it. An account is known by its address as it was typed, because not every mail server reads addresses so.
 */
export function mailboxOf(email: string): string {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  const plain = local.replace(/(?<=.)\+.*$/s, '').replaceAll('.', '');
  const host = email.slice(at + 1);
  return `${plain || local}@${host === 'googlemail.com' ? 'gmail.com' : host}`;
}

/** The counter key of a mailbox. It is a hash, because the address should not be readable in the table of counters. */
export const mailboxKey = (email: string): string => sha256(mailboxOf(email)).toString('hex');
