import { en } from '../../shared/strings/en.js';
import { translator } from '../../shared/strings/translate.js';

export const giftWords = {
  ...en,
  'title.loading': 'Your gift',
  'title.pending': 'We are waiting for Stripe',
  'title.slow': 'Your gift is not confirmed yet',
  'title.paid': 'Thank you',
  'title.failed': 'The payment did not go through',
  'title.expired': 'The payment was not made',
  'title.refunded': 'Your gift was returned',
  'title.unknown': 'There is no gift to show here',
  'title.unreachable': 'We cannot look just now',
  'sum.once': '{amount}',
  'sum.month': '{amount} a month',
  'sum.year': '{amount} a year',
  'pending.text': 'Stripe has not told us yet that {sum} was paid. That takes a few seconds as a rule.',
  'pending.self': 'This page changes by itself. You need not press anything, and need not pay again.',
  'slow.text':
    'Stripe has not told us that {sum} was paid. A card takes seconds; a bank debit or a transfer can take some days, and that is nothing to worry about.',
  'slow.self':
    'If you paid, please do not pay again. You can close this page: the gift is recorded when the money arrives. If you left the checkout without paying, nothing is charged.',
  'paid.text': 'You gave {sum}. It has arrived.',
  'paid.first': 'You give {sum}. The first payment has arrived.',
  'paid.month': 'It repeats every month until you stop it.',
  'paid.year': 'It repeats every year until you stop it.',
  'paid.manage': 'You can stop it, or pay with another card, whenever you like. No reason is needed.',
  'paid.ending': 'It ends on {date}. Nothing more will be charged.',
  'paid.ended': 'It has ended. Nothing more will be charged.',
  'paid.stop': 'To stop or change it, write to the newsroom. No reason is needed.',
  'paid.badge': 'The supporter’s badge is beside your comments now.',
  'failed.text': 'Your bank or card refused {sum}. Nothing was charged.',
  'expired.text': 'The checkout did not open, or closed before {sum} was paid. Nothing was charged.',
  'refunded.text': '{sum} went back to where it came from. Banks show it after some days.',
  'unknown.text': 'A gift is shown only in the browser that gave it. If you gave in another one, your gift is safe.',
  'unreachable.text': 'If you have paid, your gift is safe. This page tries again by itself.',
  'link.back': 'Back to the story',
  'link.again': 'Try again',
  'link.manage': 'Manage or stop this gift',
  'link.manage.busy': 'Taking you to Stripe…',
  'error.stripe.unavailable': 'Stripe does not answer just now. Nothing has changed.',
  'error.donation.not_manageable':
    'This gift cannot be managed from here any more. Sign in with the account that gave it, or write to the newsroom.',
  'link.close': 'You can close this page.',
  'link.retry': 'Look again now',
} as const;

export const t = translator(giftWords);
