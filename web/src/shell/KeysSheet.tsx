import { Kbd } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { modKey } from '../parts/keys.ts';
import { allPlaces } from './nav.ts';

const sets: readonly { title: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    title: 'Everywhere',
    keys: [
      [`${modKey}K`, 'Search, go, do'],
      ['/', 'Search in this list'],
      ['?', 'These keys'],
      ['Esc', 'Back one layer'],
    ],
  },
  {
    title: 'In lists',
    keys: [
      ['J  K', 'Down, up'],
      ['Enter', 'Open beside the list; again: its page'],
      ['Space', 'Peek'],
      ['X', 'Select'],
      ['Shift X', 'Select up to here'],
      [`${modKey}A`, 'Select all in view'],
      ['F', 'Filter'],
      ['.', 'Actions for the selection'],
    ],
  },
  {
    title: 'In the inbox',
    keys: [
      ['1', 'Do what is recommended'],
      ['2 – 4', 'The alternatives'],
      ['H', 'Snooze'],
      ['E', 'Explain: the evidence'],
    ],
  },
  {
    title: 'At a match',
    keys: [
      ['Y', 'Approve'],
      ['N', 'Reject for good'],
      ['S', 'Skip'],
      ['U', 'Pack ratio'],
      ['/', 'Another variant'],
      ['C', 'Create a variant of it'],
      ['Z', 'Undo'],
    ],
  },
];

export const KeysSheet = ({ open, onClose }: { open: boolean; onClose: () => void }) => (
  <Dialog open={open} title="Keys" onClose={onClose} wide>
    <div className="keys">
      {sets.map(({ title, keys }) => (
        <KeySet key={title} title={title} keys={keys} />
      ))}
      <KeySet title="Go to" keys={allPlaces.map(({ key, label }) => [`G ${key.toUpperCase()}`, label])} />
    </div>
  </Dialog>
);

const KeySet = ({ title, keys }: { title: string; keys: readonly (readonly [string, string])[] }) => (
  <section>
    <h3>{title}</h3>
    <dl className="keys-list">
      {keys.map(([key, does]) => (
        <div key={key}>
          <dt>
            <Kbd>{key}</Kbd>
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  </section>
);
