import { useState } from 'react';
import { Icon } from '../../parts/Icon.tsx';

interface Props {
  /** What the words are: `brand`. */
  noun: string;
  words: readonly string[];
  /** What can be chosen, with how many listings have it. */
  known: readonly { word: string; count?: number }[];
  onChange: (words: string[]) => void;
}

/** Words that a rule names, each with its cross; another is typed or picked. */
export function Chips({ noun, words, known, onChange }: Props) {
  const [typed, setTyped] = useState('');
  const list = `known-${noun}`;
  const add = (): void => {
    const word = typed.trim();
    if (word !== '' && !words.includes(word)) onChange([...words, word]);
    setTyped('');
  };
  return (
    <div className="price-chips">
      <span className="price-chips-name">{noun}</span>
      {words.map((word) => (
        <span key={word} className="price-chip">
          <bdi>{word}</bdi>
          <button type="button" aria-label={`Without ${noun} ${word}`} onClick={() => onChange(words.filter((one) => one !== word))}>
            <Icon name="close" />
          </button>
        </span>
      ))}
      <input
        aria-label={`Add ${noun}`}
        list={list}
        value={typed}
        placeholder={words.length === 0 ? 'any' : 'or …'}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          add();
        }}
        onBlur={add}
      />
      <datalist id={list}>
        {known
          .filter(({ word }) => !words.includes(word))
          .map(({ word, count }) => (
            <option key={word} value={word}>
              {count === undefined ? '' : `${count} listings`}
            </option>
          ))}
      </datalist>
    </div>
  );
}

interface NumberProps {
  label: string;
  value: string;
  /** Reads what was typed; null keeps it out of the rule until it can be read. */
  onRead: (text: string) => boolean;
  suffix?: string;
  wide?: boolean;
}

/** A number within a sentence. What cannot be read is marked, and the rule keeps what it had. */
export function NumberIn({ label, value, onRead, suffix, wide = false }: NumberProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [isWrong, setWrong] = useState(false);
  return (
    <span className="price-number">
      <input
        aria-label={label}
        aria-invalid={isWrong || undefined}
        inputMode="decimal"
        className={wide ? 'price-field price-field-wide num' : 'price-field num'}
        value={typed ?? value}
        onChange={(event) => {
          setTyped(event.target.value);
          setWrong(!onRead(event.target.value));
        }}
        onBlur={() => {
          setTyped(null);
          setWrong(false);
        }}
      />
      {suffix}
    </span>
  );
}
