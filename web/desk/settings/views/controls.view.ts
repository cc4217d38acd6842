import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Shape } from '../json-schema.js';
import { t } from '../words.js';
import { type FieldOf, type Fields, idAt } from './fields.js';

/** The label, the control, and below it what is wrong, else a hint. */
export function labelled(
  fields: Fields,
  { path, label, isHidden, isOptional }: FieldOf,
  shape: Shape,
  hint: string,
  control: unknown,
) {
  const id = idAt(path);
  const fault = fields.fault(path);
  const canBeEmpty =
    (shape.nullable || isOptional) && (shape.kind === 'number' || shape.kind === 'line' || shape.kind === 'text');
  const hints = [path.length ? shape.schema.description : '', hint, canBeEmpty ? t('form.emptyForNone') : ''];
  return html`<div class="field">
    <label for=${id} class=${isHidden ? 'sr' : ''}>${shape.schema.title ?? label}</label>
    ${control}
    <p class=${fault ? 'fault' : 'hint'} id="${id}-d" role=${fault ? 'alert' : nothing}>
      ${fault ?? (hints.filter(Boolean).join(' ') || nothing)}
    </p>
  </div>`;
}

/** A text or number as it is typed. */
export const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** A text of one line, or a number. A colour gets a picker beside it. */
export function line(fields: Fields, it: FieldOf, shape: Shape) {
  const isNumber = shape.kind === 'number';
  const typed = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    // A half-typed number stays as it was typed.
    fields.set(it.path, isNumber && value !== '' && String(Number(value)) === value ? Number(value) : value);
  };
  const colour = shape.schema.pattern?.startsWith('^#[0-9a-f]{6}') ? colourPicker(fields, it) : nothing;
  return html`<span class="row">
    <input
      id=${idAt(it.path)}
      class=${isNumber ? 'number' : ''}
      inputmode=${isNumber ? (shape.schema.type === 'integer' ? 'numeric' : 'decimal') : nothing}
      dir="auto"
      autocomplete="off"
      aria-invalid=${fields.fault(it.path) ? 'true' : nothing}
      aria-describedby="${idAt(it.path)}-d"
      .value=${live(text(it.value))}
      @input=${typed}
    />${colour}
  </span>`;
}

const colourPicker = (fields: Fields, { path, value }: FieldOf) =>
  html`<input
    type="color"
    aria-label=${t('form.colour')}
    .value=${live(/^#[0-9a-f]{6}$/i.test(text(value)) ? text(value).toLowerCase() : '#ffffff')}
    @input=${(event: Event) => fields.set(path, (event.target as HTMLInputElement).value)}
  />`;

/** A text of several lines. */
export function area(fields: Fields, { path }: FieldOf, shown: string, parse: (text: string) => unknown) {
  return html`<textarea
    id=${idAt(path)}
    dir="auto"
    rows="4"
    aria-invalid=${fields.fault(path) ? 'true' : nothing}
    aria-describedby="${idAt(path)}-d"
    .value=${live(shown)}
    @input=${(event: Event) => fields.set(path, parse((event.target as HTMLTextAreaElement).value))}
  ></textarea>`;
}

/** The least and the most that a number may be. */
export function rangeWords({ kind, schema: { minimum, maximum } }: Shape): string {
  if (kind !== 'number') return '';
  const [from, to] = [minimum ?? -Infinity, maximum ?? Infinity];
  const [hasLeast, hasMost] = [from > Number.MIN_SAFE_INTEGER, to < Number.MAX_SAFE_INTEGER];
  if (hasLeast && hasMost) return t('form.range', { from, to });
  return hasLeast ? t('form.least', { n: from }) : hasMost ? t('form.most', { n: to }) : '';
}
