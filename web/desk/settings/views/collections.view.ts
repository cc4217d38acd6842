import { html, nothing } from 'lit';
import { emptyValue, renamed, setAt } from '../form-value.js';
import { type Shape, shapeOf } from '../json-schema.js';
import { nameWords } from '../value-words.js';
import { t } from '../words.js';
import { type FieldOf, type Fields, idAt } from './fields.js';

type DrawField = (fields: Fields, it: FieldOf) => unknown;
type Of<K extends Shape['kind']> = Shape & { kind: K };

/** The parts of an object below each other. A choice of one constant is no choice, so it is not drawn. */
export function object(fields: Fields, it: FieldOf, shape: Of<'object'>, draw: DrawField) {
  const value = (it.value ?? {}) as Record<string, unknown>;
  const parts = Object.entries(shape.parts)
    .filter(([, schema]) => !('const' in schema))
    .map(([name, schema]) =>
      draw(fields, {
        schema,
        path: [...it.path, name],
        value: value[name],
        label: nameWords(name),
        isOptional: !shape.required.includes(name),
      }),
    );
  return html`<fieldset class=${it.path.length ? 'parts' : 'parts top'}>
    <legend class=${it.isHidden ? 'sr' : ''}>${shape.schema.title ?? it.label}</legend>
    ${fault(fields, it)} ${parts}
  </fieldset>`;
}

/** Entries in their order, which can be added, removed and moved up. */
export function list(fields: Fields, it: FieldOf, shape: Of<'list'>, draw: DrawField) {
  const items = (Array.isArray(it.value) ? it.value : []) as unknown[];
  const entry = (value: unknown, at: number) => {
    const path = [...it.path, at];
    const label = t('form.entry', { label: shape.schema.title ?? it.label, n: at + 1 });
    const up = () => fields.set(it.path, items.with(at, items[at - 1]).with(at - 1, value));
    return html`<li class="entry-of">
      ${draw(fields, { schema: shape.item, path, value, label })}
      <span class="row tools">
        ${at ? html`<button type="button" class="quiet" aria-label=${t('form.upOf', { label })} @click=${up}>${t('form.up')}</button>` : nothing}
        ${removeButton(label, () => fields.set(it.path, items.toSpliced(at, 1)))}
      </span>
    </li>`;
  };
  const add = () => fields.set(it.path, [...items, emptyValue(shape.item, fields.root)]);
  return html`<fieldset class="collection">
    <legend class=${it.isHidden ? 'sr' : ''}>${shape.schema.title ?? it.label}</legend>
    ${fault(fields, it)}
    <ol>
      ${items.map(entry)}
    </ol>
    <button type="button" class="add" @click=${add}>${t('form.add')}</button>
  </fieldset>`;
}

/** Entries by their names, which can be added, renamed and removed. */
export function record(fields: Fields, it: FieldOf, shape: Of<'record'>, draw: DrawField) {
  const value = (it.value ?? {}) as Record<string, unknown>;
  const free = shape.names?.filter((name) => !(name in value));
  const rename = (from: string) => (event: Event) => {
    const input = event.target as HTMLInputElement;
    const to = input.value.trim();
    // An entry never takes the place of another one.
    if (!to || to in value) input.value = from;
    else fields.set(it.path, renamed(value, from, to));
  };
  const add = (event: Event) => {
    const input = (event.target as HTMLElement).parentElement!.querySelector<HTMLInputElement | HTMLSelectElement>(
      '.new',
    )!;
    const name = input.value.trim();
    if (!name || name in value) return input.focus();
    input.value = '';
    fields.set(it.path, setAt(value, [name], emptyValue(shape.value, fields.root)));
  };
  const entry = ([name, part]: [string, unknown]) =>
    html`<li class="entry-of">
      ${
        shape.names
          ? nothing
          : html`<div class="field">
              <label for="${idAt([...it.path, name])}-name">${t('form.name')}</label>
              <input id="${idAt([...it.path, name])}-name" .value=${name} autocomplete="off" @change=${rename(name)} />
            </div>`
      }
      ${draw(fields, { schema: shape.value, path: [...it.path, name], value: part, label: shape.names ? nameWords(name) : labelOf(name, shape, fields) })}
      <span class="row tools">${removeButton(name, () => fields.set([...it.path, name], undefined))}</span>
    </li>`;
  const id = `${idAt(it.path)}-new`;
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    add(event);
  };
  return html`<fieldset class="collection">
    <legend class=${it.isHidden ? 'sr' : ''}>${shape.schema.title ?? it.label}</legend>
    ${fault(fields, it)}
    <ol>
      ${Object.entries(value).map(entry)}
    </ol>
    ${
      free?.length === 0
        ? nothing
        : html`<span class="row">
            ${
              free
                ? html`<select class="new" id=${id} aria-label=${t('form.addNamed')}>
                    ${free.map((name) => html`<option value=${name}>${nameWords(name)}</option>`)}
                  </select>`
                : html`<input
                    class="new"
                    id=${id}
                    aria-label=${t('form.addNamed')}
                    placeholder=${t('form.addNamed')}
                    autocomplete="off"
                    @keydown=${onEnter}
                  />`
            }
            <button type="button" class="add" @click=${add}>${t('form.addNow')}</button>
          </span>`
    }
  </fieldset>`;
}

/** What the value of a named entry is called, where its kind has a title. */
const labelOf = (name: string, shape: Of<'record'>, fields: Fields): string =>
  shapeOf(shape.value, fields.root).schema.title ?? name;

const removeButton = (label: string, run: () => void) =>
  html`<button type="button" class="quiet" aria-label=${t('form.removeOf', { label })} @click=${run}>
    ${t('form.remove')}
  </button>`;

function fault(fields: Fields, { path }: FieldOf) {
  const text = fields.fault(path);
  return text ? html`<p class="fault" role="alert">${text}</p>` : nothing;
}
