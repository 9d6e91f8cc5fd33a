import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { drawnDocs, putIn, stateDiagram, stepTable } from '#app/draw-life';
import type { Given } from '#flows/far';
import { orderLife } from '#flows/order-life';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const parts = drawnDocs().filter(({ path }) => path !== 'docs/operate/settings.md');

describe('what the docs draw from the code', () => {
  it.each(parts.map((drawn) => [`${drawn.path}, ${drawn.name}`, drawn] as const))('stands as the code has it: %s', (_name, drawn) => {
    const page = read(drawn.path);
    expect(page === putIn(page, drawn), `${drawn.path} no longer says what the code does; "npm run stockless -- docs" draws it anew`).toBe(
      true,
    );
  });

  it('notices a step that was added, left out or led elsewhere', () => {
    const steps = orderLife({} as Given);
    const [first, ...rest] = steps;
    if (!first) throw new Error('there are no steps');
    expect(stepTable(rest)).not.toEqual(stepTable(steps));
    expect(stepTable([{ ...first, to: ['failing'] }, ...rest])).not.toEqual(stepTable(steps));
  });

  it('shows doubt wherever something is said to the outside', () => {
    expect(stateDiagram(orderLife({} as Given), 'purchase')).toMatch(/sending --> unknown: no answer/);
  });

  it('says where a page has no place for it', () => {
    expect(() => putIn('nothing', { path: 'A.md', name: 'steps', text: '' })).toThrow(/A\.md has no place for "steps"/);
  });
});

describe('the pages', () => {
  it.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'])('lead nowhere that is not there: %s', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link ?? '');
    const missing = links.filter((link) => {
      try {
        read(link);
        return false;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT';
      }
    });
    expect(missing).toEqual([]);
  });
});
