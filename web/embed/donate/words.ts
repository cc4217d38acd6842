import { en } from '../../shared/strings/en.js';
import { problemText, translator } from '../../shared/strings/translate.js';
import type { ApiProblem } from '../../shared/problem.js';

/** The appeal's own words, in its own chunk. */
const words = {
  ...en,
  'often.legend': 'How often',
  'often.once': 'Once',
  'often.month': 'Monthly',
  'often.year': 'Yearly',
  'much.legend': 'How much',
  'much.other': 'Other',
  'much.label': 'Your amount in {currency}',
  'much.range': 'From {min} to {max}.',
  'trouble.empty': 'Please type an amount from {min} to {max}.',
  'trouble.unreadable': 'Please type the amount in figures, such as {example}.',
  'trouble.too_fine': 'Please type an amount without parts smaller than {step}.',
  'trouble.low': 'The smallest gift here is {min}.',
  'trouble.high': 'The largest gift here is {max}.',
  'badge.ask': 'Show a supporter’s badge beside my comments',
  'badge.has': 'Your supporter’s badge is beside your comments already.',
  'give.any': 'Give',
  'give.once': 'Give {amount}',
  'give.month': 'Give {amount} a month',
  'give.year': 'Give {amount} a year',
  'give.busy': 'Taking you to Stripe…',
  'give.card': 'Card details go to Stripe, never to us.',
  'give.standin': 'A rehearsal: the checkout is a local stand-in, and no money moves.',
  'give.follow': 'Go on to Stripe',
  'next.once': 'Charged once. You come back here afterwards.',
  'next.month': 'Charged today, then every month until you stop it. You come back here afterwards.',
  'next.year': 'Charged today, then every year until you stop it. You come back here afterwards.',
  'fail.load': 'This page’s appeal for gifts did not load. Story and conversation do without it.',
  'country.label': 'Not your country?',
  'error.donations.disabled': 'Gifts are switched off for the moment. Nothing was charged. Thank you all the same.',
  'error.stripe.unavailable':
    'Stripe does not answer just now. Nothing was charged, and the button can be pressed again.',
  'error.donation.amount_out_of_range': 'That amount cannot be given from here. Nothing was charged.',
  'error.donation.currency_unsupported':
    'The amounts for your country have just changed. Nothing was charged: please look again.',
  'error.service.unavailable': 'We are very busy just now. Nothing was charged: press the button again in a moment.',
  'error.network.offline': 'You seem to be offline. Nothing was charged: press the button again when you are back.',
  'error.network.unreachable':
    'We could not reach the server. Pressing the button again is safe: it is still one gift.',
  'error.rate.limited': 'That was a lot at once. Nothing was charged.',
} as const;

export const t = translator(words);
export type WordKey = keyof typeof words;

/** A problem in the reader's words. */
export const textOf = (problem: ApiProblem): string => problemText(words, problem);
