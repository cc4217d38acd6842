/** Query parameters that tell where a reader came from, and nothing about the page. `utm_` and `at_` begin many. */
const MARK =
  /^(utm_\w*|at_(medium|campaign|custom\d|format|link\w*)|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|gad_source|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_[ce]id|mkt_tok|_hsenc|_hsmi|_ga|_gl|xtor|cmpid|s_cid|wt_mc|ref_src|ref_url|vero_id|oly_(anon|enc)_id|rb_clickid|ncid|sfnsn|smid|smtyp)$/i;

/** Returns an address without its fragment, the marks of where its reader came from, and a slash at the end. */
function bare(address: string): string {
  const url = new URL(address);
  for (const name of new Set(url.searchParams.keys())) if (MARK.test(name)) url.searchParams.delete(name);
  url.searchParams.sort();
  return `${url.origin}${url.pathname.replace(/(.)\/$/, '$1')}?${url.searchParams.toString()}`;
}

/** Whether two addresses lead to the same page, whatever place in it and wherever its reader came from. */
export const isSamePage = (one: string, other: string): boolean =>
  URL.canParse(one) && URL.canParse(other) && bare(one) === bare(other);
