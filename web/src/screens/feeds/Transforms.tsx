import { useState } from 'react';
import type { FeedPreview } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import type { Mapping, Wizard } from './useWizard.ts';
import { fieldWord } from './words.ts';

type Transforms = NonNullable<Mapping['transforms']>;
type Transform = Transforms[string][number];

const kinds: Readonly<Record<Transform['kind'], { word: string; fresh: Transform }>> = {
  multiply: { word: 'multiplied by', fresh: { kind: 'multiply', by: '0.01' } },
  take: { word: 'only a part', fresh: { kind: 'take', before: ' ' } },
  join: { word: 'columns joined', fresh: { kind: 'join', columns: [], with: ' ' } },
  replace: { word: 'a text by another', fresh: { kind: 'replace', from: '', to: '' } },
  constant: { word: 'the same on every row', fresh: { kind: 'constant', text: '' } },
};

/** Changes to what a field says before it is read: cents, part of a text, columns joined, words by others. */
export function TransformsOf({ wizard, preview }: { wizard: Wizard; preview: FeedPreview }) {
  const guessed = (preview.detected.more as { transforms?: Transforms }).transforms ?? {};
  const current: Transforms = wizard.draft.mapping.transforms ?? guessed;
  const set = (next: Transforms): void => {
    const { fillDown } = preview.detected.more as { fillDown?: string | null };
    wizard.map({ transforms: next, ...(fillDown ? { fillDown } : {}) });
  };
  const steps = Object.entries(current).flatMap(([field, list]) => list.map((step, place) => ({ field, step, place })));
  const put = (field: string, place: number, step: Transform | null): void => {
    const list = [...(current[field] ?? [])];
    list.splice(place, 1, ...(step ? [step] : []));
    const { [field]: _before, ...rest } = current;
    set(list.length > 0 ? { ...rest, [field]: list } : rest);
  };
  return (
    <div className="feed-transforms">
      {steps.map(({ field, step, place }) => (
        <div key={`${field} ${place}`} className="feed-transform" role="group" aria-label={`${fieldWord(field)} changed`}>
          <strong>{fieldWord(field)}</strong>
          <span className="dim">{kinds[step.kind].word}</span>
          <Parameters step={step} columns={preview.columns.map(({ name }) => name)} onChange={(next) => put(field, place, next)} />
          <Button onClick={() => put(field, place, null)}>Remove</Button>
        </div>
      ))}
      <Add fields={preview.fields} onAdd={(field, step) => set({ ...current, [field]: [...(current[field] ?? []), step] })} />
    </div>
  );
}

function Add({ fields, onAdd }: { fields: readonly string[]; onAdd: (field: string, step: Transform) => void }) {
  const [field, setField] = useState('cost');
  const [kind, setKind] = useState<Transform['kind']>('multiply');
  return (
    <div className="feed-transform" role="group" aria-label="Change a field">
      <select aria-label="Field to change" value={field} onChange={(event) => setField(event.target.value)}>
        {fields.map((one) => (
          <option key={one} value={one}>
            {fieldWord(one)}
          </option>
        ))}
      </select>
      <select aria-label="How it is changed" value={kind} onChange={(event) => setKind(event.target.value as Transform['kind'])}>
        {Object.entries(kinds).map(([name, { word }]) => (
          <option key={name} value={name}>
            {word}
          </option>
        ))}
      </select>
      <Button onClick={() => onAdd(field, kinds[kind].fresh)}>Add change</Button>
    </div>
  );
}

interface ParametersProps {
  step: Transform;
  columns: readonly string[];
  onChange: (step: Transform) => void;
}

/** What a change takes. A text is taken over when the field is left, as each change reads the file anew. */
function Parameters({ step, columns, onChange }: ParametersProps) {
  switch (step.kind) {
    case 'multiply':
      return <Word label="Multiplied by" value={step.by} onSay={(by) => onChange({ ...step, by })} />;
    case 'take':
      return (
        <>
          <Word label="Behind" value={step.after ?? ''} onSay={(after) => onChange({ ...step, after })} />
          <Word label="Before" value={step.before ?? ''} onSay={(before) => onChange({ ...step, before })} />
        </>
      );
    case 'replace':
      return (
        <>
          <Word label="Replaced" value={step.from} onSay={(from) => onChange({ ...step, from })} />
          <Word label="By" value={step.to} onSay={(to) => onChange({ ...step, to })} />
        </>
      );
    case 'constant':
      return <Word label="Text" value={step.text} onSay={(text) => onChange({ ...step, text })} />;
    case 'join':
      return (
        <>
          <Word
            label={`Columns, such as ${columns.slice(0, 2).join(', ')}`}
            value={step.columns.join(', ')}
            onSay={(text) => onChange({ ...step, columns: text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])) })}
          />
          <Word label="Between them" value={step.with ?? ' '} onSay={(text) => onChange({ ...step, with: text })} />
        </>
      );
  }
}

function Word({ label, value, onSay }: { label: string; value: string; onSay: (text: string) => void }) {
  const [text, setText] = useState(value);
  return (
    <label className="feed-word">
      <span className="dim">{label}</span>
      <input
        value={text}
        maxLength={400}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => (text === value ? undefined : onSay(text))}
      />
    </label>
  );
}
