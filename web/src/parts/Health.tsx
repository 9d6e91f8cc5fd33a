import type { Glyph } from './status.ts';
import { LookBadge } from './Badge.tsx';

export interface HealthOf {
  tone: 'ok' | 'risk' | 'crit' | 'neutral';
  sentence: string;
}
const words: Record<HealthOf['tone'], [Glyph, string]> = {
  ok: ['full', 'Healthy'],
  risk: ['care', 'Degraded'],
  crit: ['cross', 'Failing'],
  neutral: ['none', 'Quiet'],
};

/** How it does, as a word and a sentence. */
export const Health = ({ of }: { of: HealthOf }) => {
  const [glyph, word] = words[of.tone];
  return (
    <p className="health">
      <LookBadge look={{ tone: of.tone, glyph, word }} /> <span>{of.sentence}</span>
    </p>
  );
};
