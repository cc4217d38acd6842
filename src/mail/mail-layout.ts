/** The newspaper as its mails and pages show it. */
export interface Site {
  name: string;
  /** The address of its logo. */
  logo: string | undefined;
  /** Its colour, `#rrggbb`. */
  color: string | undefined;
}

/** A part of a mail. Its texts may come from anybody, and stand in the mail as they are. */
export type MailPart =
  { kind: 'text'; text: string } | { kind: 'button'; label: string; href: string } | { kind: 'code'; text: string };

const COLOR = '#96182b';

/** Escapes a text for HTML, also within a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (it) => `&#${it.charCodeAt(0)};`).replace(/\n/g, '<br>');

/** Returns black or white, whichever can be read better on a colour (WCAG's relative luminance). */
export function inkOn(color: string): '#000000' | '#ffffff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000000' : '#ffffff';
}

/** Writes a mail as HTML with the newspaper's name, logo and colour. Mail programs read only inline styles. */
export function mailHtml(site: Site, subject: string, parts: readonly MailPart[]): string {
  const color = site.color ?? COLOR;
  const name = escapeHtml(site.name);
  const head = site.logo
    ? `<img src="${escapeHtml(site.logo)}" alt="${name}" height="40" style="height:40px;max-width:240px;border:0;font:700 22px Georgia,serif">`
    : `<span style="font:700 22px Georgia,serif;color:${color}">${name}</span>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px 12px;background:#f7f5f0">
<table role="presentation" align="center" cellpadding="0" cellspacing="0" style="width:100%;max-width:520px;background:#ffffff;border-top:3px solid ${color}"><tr>
<td style="padding:24px;font:16px/1.5 Georgia,serif;color:#1c1a17">
<p style="margin:0 0 24px">${head}</p>
${parts.map((it) => partHtml(it, color)).join('\n')}
</td></tr></table>
</body></html>
`;
}

function partHtml(part: MailPart, color: string): string {
  switch (part.kind) {
    case 'text':
      return `<p style="margin:0 0 16px">${escapeHtml(part.text)}</p>`;
    case 'button':
      return `<p style="margin:0 0 16px"><a href="${escapeHtml(part.href)}" style="display:inline-block;padding:12px 20px;background:${color};color:${inkOn(color)};text-decoration:none;font:600 16px sans-serif">${escapeHtml(part.label)}</a></p>`;
    case 'code':
      return `<p style="margin:0 0 16px;font:700 24px/1.3 monospace;letter-spacing:2px">${escapeHtml(part.text)}</p>`;
  }
}

/** Writes the same mail as text. */
export const mailText = (site: Site, parts: readonly MailPart[]): string =>
  `${[...parts.map((it) => (it.kind === 'button' ? it.href : it.text)), site.name].join('\n\n')}\n`;
