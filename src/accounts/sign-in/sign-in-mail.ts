interface SignInMail {
  site: string;
  purpose: 'register' | 'sign-in';
  name: string | null;
  link: string;
  code: string;
  minutes: number;
}

/** The one mail an account needs: a link and, for another device, a code. */
export function signInMail({ site, purpose, name, link, code, minutes }: SignInMail): {
  subject: string;
  text: string;
} {
  const confirming = purpose === 'register';
  return {
    subject: confirming ? `Confirm your address for ${site}` : `Sign in to ${site}`,
    text: `${name ? `Hello ${name},` : 'Hello,'}

${confirming ? `Please confirm that this address is yours, and you are in:` : `Open this link and press the button to sign in:`}

${link}

Or type this code on the page where you asked for it:

${code}

Link and code work once, for ${minutes} minutes. If you did not ask for this mail, ignore it: nothing happens without you.

${site}
`,
  };
}
