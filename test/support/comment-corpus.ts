import { Random } from './random.js';

/**
 * Makes labelled comments from a grammar, in two languages and several themes:
 *
 *     comment  = sentence{1..4}                            themes become more and less frequent over time
 *     sentence = opening theme-sentence | theme-sentence
 *     removed  = comment with one to three of insult | advertisement | threat anywhere in it
 *     hard     = a comment that quotes or denies a word of an insult, and is kept (one kept comment in six)
 *     noise    = a word in eight with a typing error; one insult in four with letters that are replaced
 *
 * A share of the labels is wrong, as moderators are.
 */
export interface LabelledComment {
  text: string;
  /** What a moderator who makes no mistake would decide. */
  deserved: boolean;
  /** What was decided. */
  removed: boolean;
}

interface Language {
  openings: string[];
  themes: { subjects: string[]; verbs: string[]; objects: string[] }[];
  insults: string[];
  people: string[];
  insultFrames: string[];
  hardFrames: string[];
  threats: string[];
  advertisements: string[];
}

const english: Language = {
  openings: ['Honestly,', 'I think', 'To be fair,', 'As a neighbour I know that', 'With respect,', 'For once'],
  themes: [
    {
      subjects: ['the council', 'our mayor', 'the new coalition', 'the minister'],
      verbs: ['has promised', 'keeps forgetting', 'should finally publish', 'voted against'],
      objects: ['the budget', 'a plan for the harbour', 'the report on housing', 'lower fees for families'],
    },
    {
      subjects: ['the goalkeeper', 'our team', 'the referee', 'the coach from the north'],
      verbs: ['saved', 'deserved', 'ruined', 'has never understood'],
      objects: ['the second half', 'this match', 'a clear penalty', 'the whole season'],
    },
    {
      subjects: ['the teachers', 'my daughter', 'the school board', 'every parent'],
      verbs: ['is waiting for', 'likes', 'has to pay for', 'talks about'],
      objects: ['new windows', 'the long holidays', 'warm lunches', 'smaller classes'],
    },
    {
      subjects: ['the railway', 'my bus', 'the cycle lane', 'traffic on the ring road'],
      verbs: ['needs', 'makes people miss', 'is worse than', 'will soon get'],
      objects: ['the early shift', 'a second track', 'last winter', 'better signals'],
    },
  ],
  insults: ['moron', 'scumbag', 'parasite', 'vermin', 'halfwit', 'filth', 'cretin', 'degenerate'],
  people: ['you', 'these people', 'the author', 'people like you', 'that lot'],
  insultFrames: [
    '{p} are nothing but a {i}',
    'shut your mouth you {i}',
    '{p} is a {i} and a {i}',
    'what a {i} {p} are',
  ],
  hardFrames: [
    'nobody here should be called a {i}',
    'the word {i} has no place in a debate',
    'I was called a {i} last week and it hurt',
    'the film about the {i} was rather good',
  ],
  threats: [
    'I know where {p} live',
    'somebody should burn it all down',
    'wait until we come for {p}',
    '{p} will hang for this',
  ],
  advertisements: [
    'earn 900 a day from home at easy-cash.example',
    'cheap pills without a doctor, write to me',
    'my broker doubled every coin, join his channel',
    'hot singles near the harbour click here',
  ],
};

const german: Language = {
  openings: ['Ehrlich gesagt,', 'Ich finde,', 'Mit Verlaub,', 'Als Nachbarin weiß ich,', 'Nur am Rande:', 'Endlich:'],
  themes: [
    {
      subjects: ['der Stadtrat', 'unsere Bürgermeisterin', 'die neue Koalition', 'das Ministerium'],
      verbs: ['verspricht seit Jahren', 'vergisst', 'veröffentlicht hoffentlich', 'stimmte gegen'],
      objects: ['den Haushalt', 'einen Plan für den Hafen', 'den Bericht über Wohnungen', 'niedrigere Gebühren'],
    },
    {
      subjects: ['der Torwart', 'unsere Mannschaft', 'die Schiedsrichterin', 'der Trainer'],
      verbs: ['rettete', 'verdiente', 'verdarb', 'versteht bis heute nicht'],
      objects: ['die zweite Hälfte', 'dieses Spiel', 'einen klaren Elfmeter', 'die ganze Saison'],
    },
    {
      subjects: ['die Lehrerinnen', 'meine Tochter', 'der Elternbeirat', 'jede Familie'],
      verbs: ['wartet auf', 'mag', 'bezahlt', 'spricht über'],
      objects: ['neue Fenster', 'lange Ferien', 'warmes Mittagessen', 'kleinere Klassen'],
    },
  ],
  insults: ['Vollidiot', 'Abschaum', 'Schmarotzer', 'Ungeziefer', 'Dreckspack', 'Hohlkopf'],
  people: ['ihr', 'diese Leute', 'der Autor', 'Leute wie du'],
  insultFrames: ['{p} seid doch nur {i}', 'halt den Mund du {i}', 'so ein {i} wie {p}', '{p} {i} gehört weg'],
  hardFrames: [
    'niemand sollte hier {i} heißen',
    'das Wort {i} gehört nicht in eine Debatte',
    'man nannte mich {i}, das tat weh',
  ],
  threats: [
    'ich weiß wo {p} wohnt',
    'man sollte alles anzünden',
    'wartet nur bis wir kommen',
    'dafür werdet {p} hängen',
  ],
  advertisements: [
    '900 am Tag von zu Hause auf leicht-geld.example',
    'Pillen ohne Rezept, schreib mir',
    'mein Makler verdoppelt alles',
  ],
};

const LOOKALIKES: Record<string, string> = { a: 'а', e: 'е', o: '0', i: '1', s: '$', c: 'с' };
const PREVALENCE = 0.3;

/** Returns comments in the order of their decisions, the same for the same seed. */
export function commentCorpus(seed: number, size: number, mislabelled = 0.02): LabelledComment[] {
  const random = new Random(seed);
  return Array.from({ length: size }, (_it, n) => {
    const language = random.next() < 0.7 ? english : german;
    const deserved = random.next() < PREVALENCE;
    const text = write(random, language, deserved, n / size);
    return { text, deserved, removed: random.next() < mislabelled ? !deserved : deserved };
  });
}

function write(random: Random, language: Language, deserved: boolean, time: number): string {
  const sentences = Array.from({ length: 1 + random.below(4) }, () => sentence(random, language, time));
  if (deserved)
    for (let n = 1 + random.below(2); n > 0; n -= 1)
      sentences.splice(random.below(sentences.length + 1), 0, attack(random, language));
  else if (random.next() < 1 / 6)
    sentences.splice(random.below(sentences.length + 1), 0, fill(random, language, random.pick(language.hardFrames)));
  return sentences
    .map((it) => it.charAt(0).toUpperCase() + it.slice(1) + random.pick(['.', '.', '!', '...']))
    .join(' ');
}

function sentence(random: Random, { openings, themes }: Language, time: number): string {
  // A theme is in the news for a while, and never gone.
  const current = Math.floor(time * themes.length * 2) % themes.length;
  const { subjects, verbs, objects } = themes[random.next() < 0.4 ? current : random.below(themes.length)]!;
  const words = `${random.pick(subjects)} ${random.pick(verbs)} ${random.pick(objects)}`.split(' ');
  const typed = words.map((it) => (random.next() < 1 / 8 && it.length > 3 ? mistype(random, it) : it)).join(' ');
  return random.next() < 0.5 ? `${random.pick(openings)} ${typed}` : typed;
}

function attack(random: Random, language: Language): string {
  const kind = random.next();
  const { insultFrames, threats, advertisements } = language;
  return fill(random, language, random.pick(kind < 0.6 ? insultFrames : kind < 0.8 ? threats : advertisements));
}

function fill(random: Random, { insults, people }: Language, frame: string): string {
  return frame
    .replaceAll('{p}', () => random.pick(people))
    .replaceAll('{i}', () => {
      const insult = random.pick(insults);
      return random.next() < 0.25 ? disguise(random, insult) : insult;
    });
}

const mistype = (random: Random, word: string): string => {
  const at = 1 + random.below(word.length - 2);
  return word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2);
};

function disguise(random: Random, word: string): string {
  return Array.from(word, (it) => (random.next() < 0.4 ? (LOOKALIKES[it.toLowerCase()] ?? it) : it)).join('');
}
