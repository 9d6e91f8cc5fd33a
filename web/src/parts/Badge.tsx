import { type Glyph, type Look, lookOf } from './status.ts';

const glyphs: Record<Glyph, string> = {
  none: 'M6 10a4 4 0 1 0 0-8 4 4 0 0 0 0 8',
  half: 'M6 10a4 4 0 1 0 0-8 4 4 0 0 0 0 8M6 2v8M6 2.75a3.25 3.25 0 0 1 0 6.5',
  full: 'M6 10a4 4 0 1 0 0-8 4 4 0 0 0 0 8',
  care: 'M6 2v4.5M6 9.5v.01',
  cross: 'm3 3 6 6M9 3 3 9',
  bars: 'M4 2.5v7M8 2.5v7',
  ask: 'M4 4.25a2 2 0 1 1 2.75 1.85c-.5.22-.75.5-.75 1.15M6 9.5v.01',
};

/** Tone, glyph and word, always all three. */
export const LookBadge = ({ look }: { look: Look }) => (
  <span className={`badge tone-${look.tone}`}>
    <svg className={`glyph glyph-${look.glyph}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" focusable="false">
      <path d={glyphs[look.glyph]} />
    </svg>
    {look.word}
  </span>
);

export const Badge = ({ of, code }: { of: string; code: string }) => <LookBadge look={lookOf(of, code)} />;
