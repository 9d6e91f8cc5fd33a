import { useState } from 'react';
import type { FeedPreview } from '../../api/types.ts';
import type { Wizard } from './useWizard.ts';

/** What else was made of the file: places of fixed width, and rows that belong together. */
interface More {
  starts?: number[] | null;
  fillDown?: string | null;
}

/** How rows are cut and how they belong together, each word a control. */
export function LayoutOf({ wizard, preview }: { wizard: Wizard; preview: FeedPreview }) {
  const { starts, fillDown } = preview.detected.more as More;
  const isText = ['csv', 'fixed-width', 'xlsx'].includes(preview.detected.format);
  const names = preview.columns.map(({ name }) => name);
  const { mapping } = wizard.draft;
  return (
    <>
      {preview.detected.format === 'fixed-width' ? <Starts key={(starts ?? []).join()} wizard={wizard} starts={starts ?? []} /> : null}
      {isText ? (
        <label className="field">
          <span>Rows belong together by</span>
          <select
            value={fillDown ?? ''}
            onChange={(event) =>
              // Said to be nothing, it is not guessed again.
              wizard.map(
                event.target.value ? { fillDown: event.target.value } : { fillDown: undefined, transforms: mapping.transforms ?? {} },
              )
            }
          >
            <option value="">nothing: each stands for itself</option>
            {[...new Set([...(fillDown ? [fillDown] : []), ...names])].map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {preview.detected.format === 'csv' ? (
        <label className="field">
          <span>Rows that end early</span>
          <select
            value={(mapping.shortRows as string | undefined) ?? 'refuse'}
            onChange={(event) => wizard.map({ shortRows: event.target.value as 'refuse' | 'fill' })}
          >
            <option value="refuse">are refused</option>
            <option value="fill">have nothing in their last columns</option>
          </select>
        </label>
      ) : null}
    </>
  );
}

function Starts({ wizard, starts }: { wizard: Wizard; starts: number[] }) {
  const [text, setText] = useState(starts.join(', '));
  const read = (): void => {
    const said = text.split(/[\s,;]+/).flatMap((part) => (part === '' ? [] : [Number(part)]));
    if (said.join() !== starts.join() && said.every((place) => Number.isInteger(place) && place > 0)) wizard.map({ starts: said });
  };
  return (
    <label className="field">
      <span>Columns begin at</span>
      <input value={text} onChange={(event) => setText(event.target.value)} onBlur={read} placeholder="1, 10, 34" />
    </label>
  );
}
