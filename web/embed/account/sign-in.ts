import { adoptStyles, css, html, render } from 'lit';
import { controls } from '../../shared/controls.js';
import { tokens } from '../../shared/tokens.js';
import { OnDemand } from '../common/on-demand.js';
import { session } from '../common/page.js';
import { t } from '../common/strings.js';
import type { WhySignIn } from './dialog-words.js';

/** A press is answered after this long at the latest, while the dialog may still be loading. */
const ANSWER_MS = 100;

/** The dialog, which is loaded when the reader reaches for something that asks to sign in. */
export const signInDialog = new OnDemand(() => import('./sign-in-dialog.js'));

let pending: Promise<boolean> | undefined;

/**
 * Asks the reader to sign in, for the reason given, and resolves to whether somebody is signed in. The dialog is loaded
 * on first use, serves all callers that ask meanwhile, and takes the theme of the element that asked. Rejects when the
 * dialog does not load.
 */
export function signIn(asker: HTMLElement, why?: WhySignIn): Promise<boolean> {
  pending ??= ask(asker, why).finally(() => (pending = undefined));
  return pending;
}

async function ask(asker: HTMLElement, why?: WhySignIn): Promise<boolean> {
  const endWait = startWait(asker);
  let wanted = true;
  try {
    await session.ready;
    if (session.account) return true;
    await signInDialog.get();
  } finally {
    wanted = endWait();
  }
  if (session.account) return true; // The reader signed in in another tab while the dialog was loading.
  if (!wanted) return false;
  const dialog = new signInDialog.loaded!.SignInDialog();
  if (why) dialog.why = why;
  show(dialog, asker);
  try {
    return await dialog.ask();
  } finally {
    dialog.remove();
  }
}

function show(element: HTMLElement, asker: HTMLElement): void {
  const theme = asker.getAttribute('data-theme');
  if (theme) element.setAttribute('data-theme', theme);
  document.querySelector('body')?.append(element);
}

/**
 * Says that the dialog is coming, if it takes longer than a moment.
 * @returns a function that ends it, and returns false if the reader has closed it before
 */
function startWait(asker: HTMLElement): () => boolean {
  let dialog: HTMLDialogElement | undefined;
  const host = document.createElement('div');
  const timer = setTimeout(() => {
    const root = host.attachShadow({ mode: 'open' });
    adoptStyles(root, [tokens, controls, waitStyles]);
    const text = html`<p role="status">${t('state.loading')}</p>`;
    render(html`<div class="root"><dialog aria-label=${t('account.signIn')}>${text}</dialog></div>`, root);
    show(host, asker);
    dialog = root.querySelector('dialog')!;
    dialog.showModal();
  }, ANSWER_MS);
  return () => {
    clearTimeout(timer);
    const wanted = dialog?.open ?? true;
    dialog?.close();
    host.remove();
    return wanted;
  };
}

const waitStyles = css`
  :host {
    position: absolute;
  }
  dialog {
    padding: 12px 32px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    color: var(--ink);
    background: var(--paper);
  }
  ::backdrop {
    background: rgb(0 0 0 / 45%);
  }
`;
