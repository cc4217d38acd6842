import type { Schemas } from '../../shared/contract.js';

/** One comment as a moderator judges it: with its text even if removed, and all that was said about it. */
export type Case = Schemas['Case'];
/** A text that waits for a moderator before it is public, or waited. */
export type HeldCase = Schemas['HeldCase'];
export type HeldDecision = Schemas['NewHeldDecision'];
export type Report = Case['reports'][number];
export type Decision = Case['decisions'][number];
export type Action = Decision['action'];
/** The problem document of a refused decision. */
export type DecisionConflict = Schemas['DecisionConflict'];
export type Statistics = Schemas['Statistics'];
/** A row of the append-only log. Its `state` is that of the comment now, whatever this row did to it. */
export type LoggedDecision = Schemas['Decisions']['items'][number];
/** The body of a decision's request; `revision` is that of the text that the moderator saw. */
export type DecisionInput = Omit<Schemas['NewDecision'], 'reason'> & Partial<Pick<Schemas['NewDecision'], 'reason'>>;
