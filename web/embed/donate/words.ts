import { en } from '../../shared/strings/en.js';
import { problemText, translator } from '../../shared/strings/translate.js';
import type { ApiProblem } from '../../shared/problem.js';

/** The words of the donation form, in its own chunk. */
const words = {
  ...en,
  'often.legend': 'How often',
  'often.once': 'Once',
  'often.month': 'Monthly',
  'often.year': 'Yearly',
  'much.legend': 'How much',
  'much.other': 'Other',
  'much.label': 'Your amount in {currency}',
  'much.range': 'You can give from {min} to {max}.',
  'trouble.empty': 'Please type an amount from {min} to {max}.',
  'trouble.unreadable': 'Please type the amount in figures, such as {example}.',
  'trouble.too_fine': 'Please type at most two decimal places, such as {fine}, and no sign between thousands.',
  'trouble.whole': 'Please type a whole amount without decimal places, such as {example}.',
  'trouble.steps': 'Please type an amount in steps of {step}.',
  'trouble.low': 'The smallest gift here is {min}.',
  'trouble.high': 'The largest gift here is {max}.',
  'badge.ask': 'Show a supporter’s badge beside my comments',
  'badge.has': 'Your comments already show your supporter’s badge.',
  'sum.once': '{amount}',
  'sum.month': '{amount} a month',
  'sum.year': '{amount} a year',
  'already.give': 'You give {sum} already.',
  'already.failed': 'The last payment of your {sum} failed.',
  'already.manage': 'Manage',
  'give.any': 'Give',
  'give.once': 'Give {amount}',
  'give.month': 'Give {amount} a month',
  'give.year': 'Give {amount} a year',
  'give.busy': 'Taking you to Stripe…',
  'give.slow': 'Stripe is slow to answer. We keep trying. Nothing is charged yet, and you need not press again.',
  'give.card': 'Card details go to Stripe, never to us.',
  'give.standin': 'This is a test. The checkout is a local stand-in, and no money moves.',
  'give.follow': 'Go on to Stripe',
  'next.once': 'You are charged once. You come back here afterwards.',
  'next.month': 'You are charged today, then every month until you stop it. You come back here afterwards.',
  'next.year': 'You are charged today, then every year until you stop it. You come back here afterwards.',
  'fail.load': 'The form for gifts did not load. The rest of the page works.',
  'country.label': 'Not your country?',
  'error.donations.disabled': 'We cannot take gifts at the moment. Nothing was charged.',
  'error.stripe.unavailable':
    'Stripe does not answer just now. Nothing was charged. Press the button again in a moment.',
  'error.stripe.slow': 'Stripe does not answer just now. Nothing was charged. Press the button again in some minutes.',
  'error.donation.amount_out_of_range': 'We cannot take that amount. Nothing was charged.',
  'error.donation.currency_unsupported':
    'The amounts for your country have just changed. Nothing was charged. Please choose again.',
  'error.service.unavailable': 'We are very busy just now. Nothing was charged. Press the button again in a moment.',
  'error.network.offline': 'You seem to be offline. Nothing was charged. Press the button again when you are online.',
  'error.network.unreachable':
    'We could not reach the server. You can safely press the button again. It will still be one gift.',
  'error.rate.limited': 'Too many attempts. Nothing was charged. Please wait a little.',
} as const;

export const t = translator(words);

/** Returns the text of a problem for readers. */
export const textOf = (problem: ApiProblem): string => problemText(words, problem);
