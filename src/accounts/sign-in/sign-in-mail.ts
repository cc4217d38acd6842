interface SignInMail {
  site: string;
  purpose: 'register' | 'sign-in';
  name: string | null;
  link: string;
  code: string;
  minutes: number;
}

/**
 * Writes the sign-in mail, which carries a link and, for another device, a code.
 * @param name how the mail addresses its reader; null for an address without an account
 * @param minutes how long link and code are valid
 */
export function signInMail({ site, purpose, name, link, code, minutes }: SignInMail): {
  subject: string;
  text: string;
} {
  const confirming = purpose === 'register';
  return {
    subject: confirming ? `Confirm your address for ${site}` : `Sign in to ${site}`,
    text: `${name ? `Hello ${name},` : 'Hello,'}

${confirming ? `Please confirm that this address is yours. Open this link and press the button:` : `Open this link and press the button to sign in:`}

${link}

You can also type this code on the page where you asked for this mail:

${code}

The link and the code work once and are valid for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. If you did not ask for this mail, you can ignore it. Nobody can sign in without the link or the code.

${site}
`,
  };
}
