import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allSources } from './setup/tidy.ts';

const folder = new URL('../docs/runbooks/', import.meta.url);
const pages = readdirSync(folder)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => name.slice(0, -3))
  .sort();
const pageOf = (kind: string): string => readFileSync(new URL(`${kind}.md`, folder), 'utf8');
const code = allSources()
  .filter(({ path }) => /^src\/(modules|flows|platform)\//.test(path) && !path.includes('.test.'))
  .map(({ text }) => text)
  .join('\n');

/** Kinds of exception that a text raises or resolves. What is about a row (`subject: { kind: … }`) is none. */
function kindsIn(text: string): string[] {
  const plain = text.replaceAll(/subject: \{ kind: '[^}]*\}/g, 'subject').replaceAll("kind: 'text'", '');
  const raised = [...plain.matchAll(/\bkind: '([a-z_]+)'(?=([^}]{0,200}))/g)].flatMap(([, kind = '', then = '']) =>
    kind.includes('_') || /\bcause:/.test(then) ? [kind] : [],
  );
  const named = [...plain.matchAll(/\boverdue\(purchase, '([a-z_]+)'/g)].map(([, kind = '']) => kind);
  const resolved = [...plain.matchAll(/\b(?:resolve: |resolve: [^[\n]*\? |endings = |resolvedByEnd = )\[([^\]]*)\]/g)].flatMap(
    ([, list = '']) => [...list.matchAll(/'([a-z_]+)'/g)].map(([, kind = '']) => kind),
  );
  return [...new Set([...raised, ...named, ...resolved])].sort();
}

describe('runbooks', () => {
  it('there is one for every kind of exception, and none for a kind that nobody raises', () => {
    expect(pages).toEqual(kindsIn(code));
  });

  it('finds a kind wherever it is raised or resolved, and no other word', () => {
    expect(
      kindsIn(`raise: [{ kind: 'new_one', subject: { kind: 'order', id }, cause: 'x' }], resolve: over ? ['over_now', 'hold'] : []`),
    ).toEqual(['hold', 'new_one', 'over_now']);
    expect(kindsIn(`{ kind: 'short', subject: { kind: 'order', id }, cause: 'x' }; f(overdue(purchase, 'too_late', t))`)).toEqual([
      'short',
      'too_late',
    ]);
    expect(kindsIn(`{ subject: { kind: 'order', id }, cause: 'x' }; recordset(rows, { id: 'uuid', kind: 'text' })`)).toEqual([]);
  });

  it.each(pages)('%s says what happened, what is noticed, how to check, what each fix does and how to prevent it', (kind) => {
    const page = pageOf(kind);
    expect(page.split('\n')[2]).toMatch(new RegExp(`^\`${kind}\` · `));
    expect([...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
      'What happened',
      'What the shopper notices',
      'How to check',
      'What each fix does',
      'How to prevent it',
    ]);
  });

  it.each(pages)('%s names its fixes as the program does', (kind) => {
    const fixes = /## What each fix does\n([^]*?)\n## /.exec(pageOf(kind))?.[1] ?? '';
    const labels = [...fixes.matchAll(/\*\*([^*]+)\*\*/g)].map(([, label = '']) => label);
    expect(labels.length).toBeGreaterThan(0);
    expect(labels.filter((label) => !code.includes(`label: '${label}'`))).toEqual([]);
  });

  it('the list names every page', () => {
    expect(pages.filter((kind) => !pageOf('README').includes(`[${kind}](${kind}.md)`))).toEqual([]);
  });
});
