import { session } from '../session.js';

/**
 * Asks the reader to sign in, for the reason given, and resolves to whether somebody is signed in now. The dialog comes
 * only when it is needed; it looks like the element that asked.
 */
export async function signIn(asker: HTMLElement, why?: string): Promise<boolean> {
  await session.ready;
  if (session.account) return true;
  const { SignInDialog } = await import('./sign-in-dialog.js');
  const dialog = new SignInDialog();
  if (why) dialog.why = why;
  const theme = asker.getAttribute('data-theme');
  if (theme) dialog.setAttribute('data-theme', theme);
  document.body.append(dialog);
  try {
    return await dialog.ask();
  } finally {
    dialog.remove();
  }
}
