/**
 * Returns SQL of the title that readers see. Without a title of the publisher or of the page it is the address.
 * @param art the alias of an articles row
 */
export const titleSql = (art: string): string =>
  `case when ${art}.title_from is not null and ${art}.title <> '' then ${art}.title
    else left(regexp_replace(${art}.url, '^https?://(www\\.)?|[?#].*$', '', 'g'), 200) end`;
