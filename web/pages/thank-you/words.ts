import { en } from '../../shared/strings/en.js';
import { translator } from '../../shared/strings/translate.js';

export const thankYouWords = {
  ...en,
  'title.loading': 'Your gift',
  'title.pending': 'We are waiting for Stripe',
  'title.slow': 'Your gift is not confirmed yet',
  'title.delayed': 'Your payment is on its way',
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
  'delayed.text': 'You pay {sum} by bank debit or transfer. Banks take some days for that, often up to a week.',
  'delayed.self': 'Please do not pay again. You can close this page: your gift is recorded when the money arrives.',
  'paid.text': 'You gave {sum}. Your gift has arrived.',
  'paid.first': 'You give {sum}. The first payment has arrived.',
  'paid.sofar': 'You have given {sum} so far.',
  'paid.returned': '{sum} of it was paid back to you.',
  'repeats.month': 'It repeats every month until you stop it.',
  'repeats.year': 'It repeats every year until you stop it.',
  'repeats.trialing': 'The next payment is on {date}. It then repeats until you stop it.',
  'repeats.ending': 'It ends on {date}. Nothing more will be charged.',
  'repeats.ended': 'It has ended. Nothing more will be charged.',
  'repeats.past_due':
    'The last payment failed: your bank or card refused it. Stripe tries it again for some days. Another card is needed if that one no longer works.',
  'repeats.unpaid':
    'The last payment failed, and Stripe no longer tries it. Your gift goes on when you pay with another card.',
  'repeats.paused': 'It is paused. Nothing is charged until it is resumed.',
  'repeats.incomplete':
    'The first payment is not complete: your bank wants you to confirm it, or refused it. Pay with another card, or confirm it, within a day.',
  'repeats.incomplete_expired': 'It never began, because the first payment was not completed. Nothing was charged.',
  'manage.any': 'You can stop it, or pay with another card, at any time. You need not give a reason.',
  'manage.card': 'You can pay with another card, or stop it, at any time.',
  'manage.elsewhere':
    'To stop or change it, sign in with the account that gave, or write to the newsroom. You need not give a reason.',
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
  'link.card': 'Pay with another card, or stop this gift',
  'link.manage.busy': 'Taking you to Stripe…',
  'error.stripe.unavailable': 'Stripe cannot be reached right now. Nothing has changed. Try again in a few minutes.',
  'error.donation.not_manageable':
    'This gift can no longer be managed here. Sign in with the account that made it, or write to the newsroom.',
  'link.close': 'You can close this page.',
  'link.retry': 'Try again now',
} as const;

export const t = translator(thankYouWords);
