import type { Draft } from '../drafts.js';
import type { Path } from '../form-value.js';
import type { JsonSchema } from '../json-schema.js';
import { t } from '../words.js';

/** One field of a form: the schema of its value, its place in the whole value, and what it shows. */
export interface FieldOf {
  schema: JsonSchema;
  path: Path;
  value: unknown;
  label: string;
  /** True if the heading says the label already. */
  isHidden?: boolean;
  /** True if the value may be left out. */
  isOptional?: boolean;
}

/** The form of one setting, as its fields see it. */
export class Fields {
  constructor(
    private readonly draft: Draft,
    readonly set: (path: Path, value: unknown) => void,
  ) {}

  get root(): JsonSchema {
    return this.draft.schema;
  }

  /** What is wrong with the value at this path, in words. */
  fault(path: Path): string | undefined {
    const name = path.join('.');
    const own = this.draft.faults[name];
    if (own) return t(`fault.${own}`);
    const message = name && this.draft.problem?.errors.find((it) => it.path === name)?.message;
    // The server's message continues the name of the field, so it begins with a small letter.
    return message ? `${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace(/\.\.$/, '.') : undefined;
  }
}

export const idAt = (path: Path): string => ['f', ...path].join('-').replace(/[^\w-]/g, '_');
