import { en } from '../../shared/strings/en.js';
import { translator } from '../../shared/strings/translate.js';

export const thankYouWords = {
  ...en,
  'title.loading': 'Your gift',
  'title.pending': 'We are waiting for Stripe',
  'title.slow': 'Your gift is not confirmed yet',
  'title.paid': 'Thank you',
  'title.failed': 'The payment did not go through',
  'title.expired': 'The payment was not made',
  'title.refunded': 'Your gift was returned',
  'title.unknown': 'There is no gift to show here',
  'title.unreachable': 'Your gift cannot be shown right now',
  'sum.once': '{amount}',
  'sum.month': '{amount} a month',
  'sum.year': '{amount} a year',
  'pending.text': 'Stripe has not yet confirmed your payment of {sum}. This usually takes a few seconds.',
  'pending.self': 'This page updates without a reload. You do not need to do anything, and please do not pay again.',
  'slow.text':
    'Stripe has not yet confirmed your payment of {sum}. A card takes seconds. A bank debit or a transfer can take some days.',
  'slow.self':
    'If you have paid, please do not pay again. You can close this page: your gift is recorded when the money arrives. If you left the checkout without paying, nothing is charged.',
  'paid.text': 'You gave {sum}. Your gift has arrived.',
  'paid.first': 'You give {sum}. The first payment has arrived.',
  'paid.month': 'It repeats every month until you stop it.',
  'paid.year': 'It repeats every year until you stop it.',
  'paid.manage': 'You can stop it, or pay with another card, at any time. You need not give a reason.',
  'paid.ending': 'It ends on {date}. Nothing more will be charged.',
  'paid.ended': 'It has ended. Nothing more will be charged.',
  'paid.stop': 'To stop or change it, write to the newsroom. You need not give a reason.',
  'paid.badge': 'The supporter’s badge is beside your comments now.',
  'failed.text': 'Your bank or card refused {sum}. Nothing was charged.',
  'expired.text': 'The checkout did not open, or was closed before {sum} was paid. Nothing was charged.',
  'refunded.text': '{sum} was paid back to you. Your bank may need a few days to show it.',
  'unknown.text':
    'A gift is shown in the browser in which it was made, to the account that made it, or by the whole address of the page to which Stripe led you after the payment. If you gave, your gift is safe.',
  'unknown.invalid':
    'This link is not complete or was changed. Open the whole address of the page to which Stripe led you after the payment. If you gave, your gift is safe.',
  'unknown.expired':
    'This link has expired. Your gift is safe. Sign in with the account that gave, or write to the newsroom.',
  'unreachable.text': 'If you have paid, your gift is safe. This page tries again without a reload.',
  'link.back': 'Back to the story',
  'link.again': 'Try again',
  'link.manage': 'Manage or stop this gift',
  'link.manage.busy': 'Taking you to Stripe…',
  'error.stripe.unavailable': 'Stripe cannot be reached right now. Nothing has changed. Try again in a few minutes.',
  'error.donation.not_manageable':
    'This gift can no longer be managed here. Sign in with the account that made it, or write to the newsroom.',
  'link.close': 'You can close this page.',
  'link.retry': 'Try again now',
} as const;

export const t = translator(thankYouWords);
