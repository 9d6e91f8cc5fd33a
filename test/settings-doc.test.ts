import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { drawnDocs, putIn } from '#app/draw-life';
import { describeSettings } from '#platform/config';

const page = readFileSync(new URL('../docs/operate/settings.md', import.meta.url), 'utf8');

it('lists every setting as the program reads it', () => {
  const drawn = drawnDocs().find(({ path }) => path === 'docs/operate/settings.md');
  if (!drawn) throw new Error('the settings are not drawn at all');
  expect(page === putIn(page, drawn), 'docs/operate/settings.md is behind; "npm run stockless -- docs" draws it anew').toBe(true);
});

it('names the settings of a table that it was not made from as missing', () => {
  const names = [...describeSettings().matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name ?? '');
  expect(names.length).toBeGreaterThan(10);
  expect([...names, 'STOCKLESS_NOT_THERE'].filter((name) => !page.includes(`\`${name}\``))).toEqual(['STOCKLESS_NOT_THERE']);
});
