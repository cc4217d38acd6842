import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { emptyValue, TypedJson } from '../form-value.js';
import { type Shape, shapeOf, variantOf } from '../json-schema.js';
import { nameWords, valueLine } from '../value-words.js';
import { t } from '../words.js';
import { list, object, record } from './collections.view.js';
import { area, labelled, line, rangeWords, text } from './controls.view.js';
import { type FieldOf, type Fields, idAt } from './fields.js';

/** Draws the field for a value of any schema; those of lists and objects hold further ones. */
export function field(fields: Fields, it: FieldOf): unknown {
  const shape = shapeOf(it.schema, fields.root);
  const { kind } = shape;
  const isAbsent = it.value === undefined || (it.value === null && (shape.nullable || it.isOptional === true));
  const hasParts = kind === 'object' || kind === 'record' || kind === 'list' || kind === 'variants';
  if (hasParts && (shape.nullable || it.isOptional)) return optional(fields, it, shape, !isAbsent);
  if (it.value instanceof TypedJson || (!hasParts && !fits(kind, it.value, isAbsent))) return json(fields, it, shape);
  return drawn(fields, it, shape);
}

/** A value that a newer or older version of Rostra wrote may have another form. It is shown as JSON. */
function fits(kind: Shape['kind'], value: unknown, isAbsent: boolean): boolean {
  if (isAbsent) return kind !== 'json';
  if (kind === 'json') return false;
  if (kind === 'lines') return Array.isArray(value);
  if (kind === 'line' || kind === 'text') return typeof value === 'string';
  return kind !== 'number' || typeof value === 'number' || typeof value === 'string';
}

function drawn(fields: Fields, it: FieldOf, shape: Shape): unknown {
  switch (shape.kind) {
    case 'object':
      return object(fields, it, shape, field);
    case 'record':
      return record(fields, it, shape, field);
    case 'list':
      return list(fields, it, shape, field);
    case 'variants':
      return variants(fields, it, shape);
    case 'boolean':
      return toggle(fields, it, shape);
    case 'choice':
      return choice(fields, it, shape, shape.values);
    case 'lines':
      return labelled(
        fields,
        it,
        shape,
        t('form.perLine'),
        area(fields, it, (it.value as string[] | undefined)?.join('\n') ?? '', (text) =>
          text ? text.split('\n') : [],
        ),
      );
    case 'text':
      return labelled(
        fields,
        it,
        shape,
        '',
        area(fields, it, text(it.value), (typed) => typed),
      );
    default:
      return labelled(fields, it, shape, rangeWords(shape), line(fields, it, shape));
  }
}

function toggle(fields: Fields, it: FieldOf, shape: Shape) {
  if (shape.nullable || it.isOptional) return choice(fields, it, shape, [true, false]);
  const fault = fields.fault(it.path);
  return html`<div class="field">
    <label class="choice"
      ><input
        type="checkbox"
        id=${idAt(it.path)}
        .checked=${live(it.value === true)}
        @change=${(event: Event) => fields.set(it.path, (event.target as HTMLInputElement).checked)}
      /><span
        >${it.isHidden ? html`<span class="sr">${it.label}: </span>${t('form.on')}` : (shape.schema.title ?? it.label)}</span
      ></label
    >
    ${fault ? html`<p class="fault" role="alert">${fault}</p>` : nothing}
  </div>`;
}

function choice(fields: Fields, it: FieldOf, shape: Shape, values: readonly unknown[]) {
  const canBeEmpty = shape.nullable || it.isOptional;
  const choose = (event: Event) => {
    const at = Number((event.target as HTMLSelectElement).value);
    fields.set(it.path, at < 0 ? (shape.nullable ? null : undefined) : values[at]);
  };
  const control = html`<select id=${idAt(it.path)} aria-describedby="${idAt(it.path)}-d" @change=${choose}>
    ${canBeEmpty ? html`<option value="-1" .selected=${live(it.value == null)}>${t('form.none')}</option>` : nothing}
    ${values.map(
      (value, at) =>
        html`<option value=${at} .selected=${live(value === it.value)}>
          ${typeof value === 'string' ? nameWords(value) : valueLine(value)}
        </option>`,
    )}
  </select>`;
  return labelled(fields, it, shape, '', control);
}

/** A part that may be left out as a whole: a box to tick, and below it the part. */
function optional(fields: Fields, it: FieldOf, shape: Shape, isSet: boolean) {
  const toggled = (event: Event) => {
    const { checked } = event.target as HTMLInputElement;
    const given = checked
      ? emptyValue({ ...shape.schema, default: undefined }, fields.root)
      : shape.nullable
        ? null
        : undefined;
    fields.set(it.path, given);
  };
  return html`<div class="optional">
    <label class="choice"
      ><input type="checkbox" .checked=${live(isSet)} @change=${toggled} /><span
        >${it.isHidden ? t('form.set') : (shape.schema.title ?? it.label)}</span
      ></label
    >
    ${isSet ? drawn(fields, { ...it, isHidden: true }, shape) : nothing}
  </div>`;
}

/** A value that has one of several forms: the choice of its kind, and below it the field of that kind. */
function variants(fields: Fields, it: FieldOf, shape: Shape & { kind: 'variants' }) {
  const at = variantOf(shape.variants, it.value);
  const nameOf = (index: number): string => {
    const { title, properties = {}, type } = shape.variants[index]!;
    const constant = Object.values(properties).find((part) => 'const' in part)?.const;
    return title ?? nameWords(typeof constant === 'string' ? constant : String(type));
  };
  const id = `${idAt(it.path)}-kind`;
  return html`<div class="field">
      <label for=${id}>${it.isHidden ? t('form.kind') : it.label}</label>
      <select
        id=${id}
        @change=${(event: Event) =>
          fields.set(
            it.path,
            emptyValue(shape.variants[Number((event.target as HTMLSelectElement).value)]!, fields.root),
          )}
      >
        ${shape.variants.map((_, index) => html`<option value=${index} .selected=${live(index === at)}>${nameOf(index)}</option>`)}
      </select>
    </div>
    ${field(fields, { ...it, schema: shape.variants[at]!, isHidden: true })}`;
}

function json(fields: Fields, it: FieldOf, shape: Shape) {
  const shown = it.value instanceof TypedJson ? it.value.text : JSON.stringify(it.value, null, 2);
  return labelled(
    fields,
    it,
    shape,
    '',
    area(fields, it, shown, (typed) => new TypedJson(typed)),
  );
}
