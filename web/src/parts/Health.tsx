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

/** A supplier that is late is connected all the same. */
const partnerWords: Record<HealthOf['tone'], [Glyph, string]> = {
  ok: ['full', 'On track'],
  risk: ['care', 'Watch'],
  crit: ['care', 'Late'],
  neutral: ['none', 'Quiet'],
};

/** How it does, as a word and a sentence. */
export const Health = ({ of, partner = false }: { of: HealthOf; partner?: boolean }) => {
  const [glyph, word] = (partner ? partnerWords : words)[of.tone];
  return (
    <p className="health">
      <LookBadge look={{ tone: of.tone, glyph, word }} /> <span>{of.sentence}</span>
    </p>
  );
};
