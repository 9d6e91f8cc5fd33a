/** Just enough of HTML to do what a person does with a page: find the form, fill in the fields, press the button. */
export interface Form {
  action: string;
  method: 'GET' | 'POST';
  /** All of the form's own text, for telling forms apart. */
  text: string;
  fields: { name: string; type: string; value: string; options: string[] }[];
  buttons: { name: string; value: string; label: string; action: string }[];
}

export function formsIn(html: string): Form[] {
  const forms: Form[] = [];
  for (const [, head = '', inside = ''] of html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)) {
    forms.push({
      action: attribute(head, 'action'),
      method: attribute(head, 'method').toUpperCase() === 'POST' ? 'POST' : 'GET',
      text: unescaped(inside.replaceAll(/<[^>]*>/g, ' ')),
      fields: fieldsIn(inside),
      buttons: [...inside.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/gi)].map(([, attributes = '', label = '']) => ({
        name: attribute(attributes, 'name'),
        value: attribute(attributes, 'value'),
        label: unescaped(label.replaceAll(/<[^>]*>/g, ' ')).trim(),
        action: attribute(attributes, 'formaction'),
      })),
    });
  }
  return forms;
}

function fieldsIn(html: string): Form['fields'] {
  const fields: Form['fields'] = [];
  for (const [, attributes = ''] of html.matchAll(/<input\b([^>]*)>/gi)) {
    const name = attribute(attributes, 'name');
    const type = (attribute(attributes, 'type') || 'text').toLowerCase();
    if (name === '' || ['submit', 'button', 'reset', 'image', 'file'].includes(type)) continue;
    if (type === 'radio') {
      const group = fields.find((field) => field.name === name) ?? { name, type, value: '', options: [] };
      if (!fields.includes(group)) fields.push(group);
      group.options.push(attribute(attributes, 'value'));
      if (/\schecked\b/i.test(attributes)) group.value = attribute(attributes, 'value');
      continue;
    }
    if (type === 'checkbox')
      fields.push({
        name,
        type,
        value: /\schecked\b/i.test(attributes) ? attribute(attributes, 'value') || 'on' : '',
        options: [attribute(attributes, 'value') || 'on'],
      });
    else fields.push({ name, type, value: attribute(attributes, 'value'), options: [] });
  }
  for (const [, attributes = '', inside = ''] of html.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/gi)) {
    const options = [...inside.matchAll(/<option\b([^>]*)>([^<]*)/gi)].map(([, own = '', label = '']) => ({
      value: /\bvalue=/i.test(own) ? attribute(own, 'value') : label.trim(),
      chosen: /\sselected\b/i.test(own),
    }));
    fields.push({
      name: attribute(attributes, 'name'),
      type: 'select',
      value: (options.find((one) => one.chosen) ?? options[0])?.value ?? '',
      options: options.map((one) => one.value),
    });
  }
  for (const [, attributes = '', inside = ''] of html.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/gi)) {
    fields.push({ name: attribute(attributes, 'name'), type: 'textarea', value: unescaped(inside), options: [] });
  }
  return fields;
}

const attribute = (attributes: string, name: string): string => {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(attributes);
  return unescaped(found?.[1] ?? found?.[2] ?? found?.[3] ?? '');
};

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
