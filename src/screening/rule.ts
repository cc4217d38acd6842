/** What a rule is told: the text as it would be stored. It knows no comment and no database. */
interface Screened {
  body: string;
}

/** Why a text is refused, in words for its writer. */
export interface Refusal {
  code: string;
  detail: string;
}

/** One judgement. The first rule that refuses decides. */
export type Rule = (text: Screened) => Refusal | undefined;
