import { formsIn, type Form } from './html-form.ts';
import type { DueVisit } from './shops.ts';

/** What a person at a supplier sends from the page they see; null when the page has no form for what they want. */
export function fillIn(visit: DueVisit, html: string): { action: string; form: Record<string, string> } | null {
  const forms = formsIn(html);
  const form = forms.find((one) => suits(visit.intent, one)) ?? (forms.length === 1 ? forms[0] : undefined);
  if (form === undefined) return null;
  const filled: Record<string, string> = {};
  for (const field of form.fields) {
    const value = valueFor(visit, field);
    if (field.type !== 'checkbox' || value !== '') filled[field.name] = value;
  }
  const button =
    form.buttons.find((one) => wanted[visit.intent].test(`${one.label} ${one.value} ${one.name} ${one.action}`)) ??
    (form.buttons.length === 1 ? form.buttons[0] : undefined);
  if (button !== undefined && button.name !== '') filled[button.name] = button.value;
  return { action: button?.action || form.action, form: filled };
}

const wanted: Record<DueVisit['intent'], RegExp> = {
  confirm: /confirm|accept/i,
  short: /\bsome\b|short|part|quantit|save|send|confirm/i,
  reject: /reject|decline|cannot|can.t/i,
  ship: /track|ship|parcel|sent/i,
};

function suits(intent: DueVisit['intent'], form: Form): boolean {
  const named = (pattern: RegExp): boolean => form.fields.some((field) => pattern.test(field.name)) || pattern.test(form.action);
  const pressed = form.buttons.some((button) => wanted[intent].test(`${button.label} ${button.value} ${button.name} ${button.action}`));
  if (intent === 'ship') return named(/track/i);
  if (named(/track/i)) return false;
  const perLine = form.fields.some((field) => /qty|quantity|accept|units/i.test(field.name) && field.type !== 'hidden');
  if (intent === 'short') return perLine;
  if (intent === 'confirm') return pressed && !form.buttons.every((button) => wanted.reject.test(button.label));
  return pressed;
}

/** Fields are told by their names, as the labels beside them would tell a person. */
function valueFor(visit: DueVisit, field: Form['fields'][number]): string {
  const { name } = field;
  const own = visit.data;
  if (field.type === 'hidden') return field.value;
  if (/carrier/i.test(name)) return chosen(field, own['carrier'] ?? '');
  if (/track/i.test(name)) return own['tracking'] ?? field.value;
  if (/reason|why|note/i.test(name)) return visit.intent === 'confirm' ? field.value : (own['reason'] ?? '');
  if (field.options.length > 0 && field.type !== 'checkbox') return option(visit, field);
  const quantity = noteFor(own, 'quantity', name);
  if (quantity !== null && /qty|quantity|accept|units|ship/i.test(name)) return quantity;
  return field.value;
}

const chosen = (field: Form['fields'][number], value: string): string =>
  field.options.length === 0 ? value : (field.options.find((option) => option.toLowerCase() === value.toLowerCase()) ?? field.value);

/** Of a choice: what we noted for that line, or else what sounds like what we want. */
function option(visit: DueVisit, field: Form['fields'][number]): string {
  const noted = noteFor(visit.data, 'response', field.name);
  const match = (pattern: RegExp): string | undefined => field.options.find((one) => pattern.test(one));
  return (
    (noted === null ? undefined : field.options.find((one) => one.startsWith(noted.slice(0, 5)))) ??
    match(wanted[visit.intent]) ??
    field.value
  );
}

/** `quantity/1/KL-1004` in our notes belongs to a field that ends in the position or holds the SKU. */
function noteFor(data: Record<string, string>, kind: 'quantity' | 'response', name: string): string | null {
  const notes = Object.entries(data).filter(([key]) => key.startsWith(`${kind}/`));
  const position = /(\d+)\]?$/.exec(name)?.[1];
  for (const [key, value] of notes) {
    const [, line = '', sku = ''] = key.split('/');
    if ((position !== undefined && position === line) || (sku !== '' && name.includes(sku))) return value;
  }
  if (position === undefined) return notes.length === 1 ? (notes[0]?.[1] ?? null) : null;
  return kind === 'quantity' ? '0' : null;
}
