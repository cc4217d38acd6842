import { OnDemand } from '../common/on-demand.js';
import { session } from '../common/page.js';

/** The dialog, which is loaded when the reader reaches for something that asks to sign in. */
export const signInDialog = new OnDemand(() => import('./sign-in-dialog.js'));

let pending: Promise<boolean> | undefined;

/**
 * Asks the reader to sign in, for the reason given, and resolves to whether somebody is signed in. The dialog is loaded
 * on first use, serves all callers that ask meanwhile, and takes the theme of the element that asked. Rejects when the
 * dialog does not load.
 */
export function signIn(asker: HTMLElement, why?: string): Promise<boolean> {
  pending ??= ask(asker, why).finally(() => (pending = undefined));
  return pending;
}

async function ask(asker: HTMLElement, why?: string): Promise<boolean> {
  await session.ready;
  if (session.account) return true;
  const { SignInDialog } = await signInDialog.get();
  if (session.account) return true; // The reader signed in in another tab while the dialog was loading.
  const dialog = new SignInDialog();
  if (why) dialog.why = why;
  const theme = asker.getAttribute('data-theme');
  if (theme) dialog.setAttribute('data-theme', theme);
  document.querySelector('body')?.append(dialog);
  try {
    return await dialog.ask();
  } finally {
    dialog.remove();
  }
}
