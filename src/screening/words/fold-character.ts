import { rectifyConfusion } from 'unicode-confusables';

/** What a character is to a search for words. */
export type Kind =
  | 'letter'
  /** A letter of a script that puts no space between words. */
  | 'dense'
  | 'emoji'
  | 'digit'
  | 'space'
  /** A sign that ends a part of a sentence. */
  | 'stop'
  | 'sign'
  /** An accent, or a character that shows nothing. */
  | 'nothing';

export interface FoldedCharacter {
  kind: Kind;
  /** Its letters without case and accents. */
  own: string;
  /** The same, where a letter of another script is the Latin one that it looks like. */
  look: string;
  /** The letter that a digit or sign stands for in "b4d" and "$hame". */
  leet: string | undefined;
  /** Whether that letter may be i or l. */
  isStroke: boolean;
}

// Vowel signs of Indic scripts and Thai are marks too, and make another word. Only accents and the points of Hebrew and
// Arabic go.
const ACCENTS = new RegExp(
  String.raw`[\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF-\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670` +
    String.raw`\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]`,
  'g',
);
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\u{1D159}\uFFFC\u2800]/u;
const DENSE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\u30FC]/u;
const STOP = /[.,;:!?…。、؟،؛۔।]/;
const EMOJI = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

/** Letters that Unicode does not take apart: strokes, ligatures, small capitals. */
const PLAIN = new Map<string, string>([
  ...Object.entries({ ø: 'o', ł: 'l', đ: 'd', ħ: 'h', ŧ: 't', ı: 'i', æ: 'ae', œ: 'oe', ς: 'σ', ƒ: 'f', ɡ: 'g' }),
  ...pairs('ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ', 'abcdefghijklmnopqrstuvwyz'),
]);
const LEET = new Map<string, string>(pairs('013456789@$!|+€£¢¥', 'oieasgtbgasiitelcy'));
const STROKES = '1!|';

function pairs(from: string, to: string): [string, string][] {
  return Array.from(from, (it, at) => [it, to[at]!]);
}

const folded = new Map<string, FoldedCharacter>();
/** Texts with ever new characters must not fill the memory. Most texts use below a hundred. */
const MOST_KEPT = 20_000;

/** Folds one character, which is a code point of a text in NFKC. */
export function foldCharacter(character: string): FoldedCharacter {
  let found = folded.get(character);
  if (!found) {
    if (folded.size >= MOST_KEPT) folded.clear();
    folded.set(character, (found = fold(character)));
  }
  return found;
}

function fold(character: string): FoldedCharacter {
  const kind = kindOf(character);
  const hasLetters = kind === 'letter' || kind === 'dense';
  const own = hasLetters ? lettersOf(character) : kind === 'emoji' || kind === 'digit' ? character : '';
  return {
    kind: hasLetters && own === '' ? 'nothing' : kind,
    own,
    look: kind === 'letter' ? lookOf(character, own) : own,
    leet: LEET.get(character),
    isStroke: STROKES.includes(character),
  };
}

function kindOf(it: string): Kind {
  if (/\s/.test(it)) return 'space';
  if (INVISIBLE.test(it)) return 'nothing';
  if (/\p{N}/u.test(it)) return 'digit';
  if (DENSE.test(it)) return 'dense';
  if (/[\p{L}\p{M}]/u.test(it) || enclosedLetter(it)) return 'letter';
  if (STOP.test(it)) return 'stop';
  return EMOJI.test(it) ? 'emoji' : 'sign';
}

/** The letter in a white one on a black circle or square, which NFKC leaves as it is. */
function enclosedLetter(it: string): string | undefined {
  const code = it.codePointAt(0)!;
  for (const first of [0x1f150, 0x1f170])
    if (code >= first && code < first + 26) return String.fromCharCode(97 + code - first);
  return undefined;
}

function lettersOf(character: string): string {
  const letter = enclosedLetter(character) ?? character.toUpperCase().toLowerCase();
  const bare = letter.normalize('NFD').replace(ACCENTS, '').normalize('NFC');
  return Array.from(bare, (it) => PLAIN.get(it) ?? it).join('');
}

/** The Latin letter that a letter looks like, in the case that was written or in the other one. */
function lookOf(character: string, own: string): string {
  if (/^[a-z]*$/.test(own)) return own;
  const isCapital = character !== character.toLowerCase();
  for (const it of [character, own, own.toUpperCase()]) {
    const look = lettersOf(rectifyConfusion(it));
    // A capital I of any script looks like l, but is read as i.
    if (/^[a-z]$/.test(look) && !(look === 'l' && it === character && isCapital)) return look;
  }
  return own;
}
