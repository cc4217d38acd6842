import type { CountryGroup } from './amounts.js';

interface Appeal {
  title: string;
  text: string;
}

/**
 * The appeal for a group: what a gift pays for, and that reading and commenting stay free. It states facts, without a
 * countdown or blame. The form itself says who sees the payment card.
 */
export function appealOf(group: CountryGroup, site: string): Appeal {
  const free = 'Reading and commenting stay free either way.';
  const own: Partial<Record<CountryGroup, [title: string, text: string]>> = {
    us: [
      `Keep ${site} independent`,
      `No owner and no advertiser decides what we cover. Gifts from readers across the United States pay for reporters’ hours, for records requests and for the lawyers who read the hard stories.`,
    ],
    gb: [
      `Support ${site}`,
      `We have no proprietor to please. Readers in the UK pay for our reporters’ days in court rooms and council chambers, and for the time it takes to get a story right.`,
    ],
    euro: [
      `Readers pay for our reporting`,
      `From one country we report for many. Your gift in euros pays for correspondents, translation and the weeks that an investigation across borders takes.`,
    ],
    jp: [
      `Support reporting you rely on`,
      `Gifts from readers in Japan pay for the reporters and translators behind the stories you read here.`,
    ],
    hu: [
      `Stand by independent reporting`,
      `Our newsroom lives from its readers. A gift in forints pays for reporters, and for nobody’s favour.`,
    ],
  };
  const [title, text] = own[group] ?? [
    `Support ${site}`,
    `Readers in many countries pay for our reporters’ time. A gift of any size helps us to stay with a story until it is told.`,
  ];
  return { title, text: `${text} ${free}` };
}

/** Says that a donation has no effect on taxes, in the terms of the donor's country. */
export function taxNoteOf(group: CountryGroup, site: string): string {
  if (group === 'us') return `${site} is not a charity; a gift is not tax-deductible.`;
  if (group === 'gb') return `${site} is not a charity; Gift Aid does not apply.`;
  return `${site} is not a charity; a gift does not lower your taxes.`;
}
