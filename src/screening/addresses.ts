// An address without http:// is no link on the page, but advertises as well. Only a known ending or a path tells it from
// a sentence without a space after its full stop. The look-behind keeps the search linear.
const ADDRESS =
  /https?:\/|hxxps?:|www\.|(?<![\p{L}\p{N}-])[\p{L}\p{N}-]{2,}\.(?:com|net|org|info|biz|io|co|ru|cn|de|uk|xyz|top|shop|store|online|site|website|club|live|link|click|app|dev|vip|win|bet|casino|pro|me|tk|ml|ga|cf|gq|icu|buzz|cc|tv|to|ly|gl|be|page)(?![\p{L}\p{N}-])|(?<![\p{L}\p{N}-])[\p{L}\p{N}-]{2,}\.\p{L}{2,}\/[\p{L}\p{N}]/iu;

/** Tells whether a text names an address of the web, also with wide letters or the full stop of other scripts. */
export const namesAddress = (text: string): boolean => ADDRESS.test(text.normalize('NFKC').replace(/[。․]/g, '.'));
