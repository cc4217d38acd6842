import '../../shared/sign-in/mail-sign-in.js';
import { html, nothing } from 'lit';
import type { SignedIn } from '../../shared/sign-in/mail-sign-in.js';
import type { Account } from '../../shared/contract.js';
import type { ApiProblem } from '../../shared/problem.js';
import { failed, loading } from '../../shared/states.js';
import { t } from './strings.js';

/** The page before the server's first answer about the session. */
export const opening = (problem: ApiProblem | undefined, retry: () => void) =>
  html`<main class="sheet">
    <div class="card">
      <h1>${t('desk.title')}</h1>
      ${problem ? failed(problem, retry) : loading(1)}
    </div>
  </main>`;

/** The sign-in form. `unsaved` are sentences about work that the end of the session left unsaved. */
export const signIn = (unsaved: readonly string[], onSignedIn: (signedIn: SignedIn) => void) =>
  html`<main class="sheet">
    <div class="card">
      <h1>${t('out.title')}</h1>
      ${unsaved.map((text) => html`<p class="unsaved" role="status">${text}</p>`)}
      <p>${t('out.text')}</p>
      <rostra-mail-sign-in
        @signed-in=${(event: CustomEvent<SignedIn>) => onSignedIn(event.detail)}
      ></rostra-mail-sign-in>
      <p class="small">${t('out.elsewhere')}</p>
    </div>
  </main>`;

export const refusal = (account: Account, onSignOut: () => void, problem: string | undefined) =>
  html`<main class="sheet">
    <div class="card">
      <h1>${t('reader.title')}</h1>
      <p>${t('reader.text', { name: account.displayName })}</p>
      <p>${t('reader.hint')}</p>
      <button class="big" @click=${onSignOut}>${t('reader.other')}</button>
      ${problem ? html`<p role="alert" class="small">${problem}</p>` : nothing}
    </div>
  </main>`;
