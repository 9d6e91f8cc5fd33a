import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType, type IViolation } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const rules = (await import(new URL('../.dependency-cruiser.mjs', import.meta.url).href)) as {
  default: { forbidden: IForbiddenRuleType[]; options: ICruiseOptions & { tsConfig: { fileName: string } } };
};

async function violationsIn(baseDir: string, folders: string[]): Promise<{ seen: number; violations: IViolation[] }> {
  const { forbidden, options } = rules.default;
  const { tsConfig, ...rest } = options;
  const settings = { ...rest, baseDir, validate: true, ruleSet: { forbidden } } as ICruiseOptions;
  const { output } = await cruise(folders, settings, undefined, { tsConfig: extractTSConfig(join(root, tsConfig.fileName)) });
  const { modules, summary } = output as ICruiseResult;
  // Only those it could read: a module that was never opened has no say.
  return {
    seen: modules.filter(({ source, dependencies }) => !source.includes('node_modules') && dependencies).length,
    violations: summary.violations,
  };
}

/** A house in small with the given files, looked at and removed. */
async function violationsOf(files: Record<string, string>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'stockless-directions-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { violations } = await violationsIn(folder, [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))]);
    return [...new Set(violations.map(({ rule }) => rule.name))].sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const door = 'export const verb = 1;\n';
const uses = (what: string): string => `import { verb } from '${what}';\nexport const use = verb;\n`;

describe('the house', () => {
  it('keeps to the directions everywhere', async () => {
    const { seen, violations } = await violationsIn(
      root,
      ['src', 'world', 'web', 'bench', 'test'].filter((folder) => existsSync(join(root, folder))),
    );
    expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
    // A tool that cannot read TypeScript finds nothing wrong with it.
    expect(seen).toBeGreaterThan(60);
  }, 60_000);
});

describe('a bad sample is found:', () => {
  it.each<[what: string, rule: string, files: Record<string, string>]>([
    [
      'the kernel using machinery',
      'kernel-looks-down-only',
      { 'src/kernel/a.ts': uses('../platform/db/index.ts'), 'src/platform/db/index.ts': door },
    ],
    [
      'a port using machinery',
      'ports-looks-down-only',
      { 'src/ports/a.ts': uses('../platform/db/index.ts'), 'src/platform/db/index.ts': door },
    ],
    ['a format using a port', 'formats-looks-down-only', { 'src/formats/csv/index.ts': uses('../../ports/a.ts'), 'src/ports/a.ts': door }],
    [
      'machinery knowing commerce',
      'platform-looks-down-only',
      { 'src/platform/db/index.ts': uses('../../modules/orders/index.ts'), 'src/modules/orders/index.ts': door },
    ],
    [
      'a module using a flow',
      'modules-looks-down-only',
      { 'src/modules/orders/index.ts': uses('../../flows/a.ts'), 'src/flows/a.ts': door },
    ],
    [
      'a flow using a door',
      'flows-looks-down-only',
      { 'src/flows/a.ts': uses('../surfaces/api/index.ts'), 'src/surfaces/api/index.ts': door },
    ],
    [
      'a door using the composition',
      'surfaces-looks-down-only',
      { 'src/surfaces/api/index.ts': uses('../../app/a.ts'), 'src/app/a.ts': door },
    ],
    [
      'a connector using machinery',
      'connectors-looks-down-only',
      { 'src/connectors/stores/acme/index.ts': uses('../../../platform/db/index.ts'), 'src/platform/db/index.ts': door },
    ],
    [
      'the world knowing our inside',
      'world-looks-down-only',
      { 'world/a.ts': uses('../src/modules/orders/index.ts'), 'src/modules/orders/index.ts': door },
    ],
    [
      'the world using a connector',
      'world-looks-down-only',
      { 'world/a.ts': uses('../src/connectors/stores/acme/index.ts'), 'src/connectors/stores/acme/index.ts': door },
    ],
    [
      'a module looking up',
      'orders-uses-modules-below-only',
      { 'src/modules/orders/index.ts': uses('../routing/index.ts'), 'src/modules/routing/index.ts': door },
    ],
    [
      'only a type looking up',
      'catalog-uses-modules-below-only',
      {
        'src/modules/catalog/index.ts': "import type { T } from '../orders/index.ts';\nexport type U = T;\n",
        'src/modules/orders/index.ts': 'export type T = 1;\n',
      },
    ],
    [
      'a module that is not in the list',
      'identity-uses-modules-below-only',
      { 'src/modules/identity/index.ts': uses('../loyalty/index.ts'), 'src/modules/loyalty/index.ts': door },
    ],
    [
      'two files that need each other',
      'no-cycles',
      { 'src/kernel/a.ts': `${uses('./b.ts')}${door}`, 'src/kernel/b.ts': `${uses('./a.ts')}${door}` },
    ],
    [
      'a folder entered past its index.ts',
      'enter-by-index-1',
      { 'src/modules/orders/index.ts': uses('../catalog/store.ts'), 'src/modules/catalog/store.ts': door },
    ],
    [
      "another connector's inside",
      'enter-by-index-2',
      { 'src/connectors/stores/acme/index.ts': uses('../other/words.ts'), 'src/connectors/stores/other/words.ts': door },
    ],
    [
      'a flow past an index.ts',
      'enter-by-index-3',
      { 'src/flows/a.ts': uses('../modules/orders/store.ts'), 'src/modules/orders/store.ts': door },
    ],
    [
      'a test past an index.ts',
      'enter-by-index-3',
      { 'test/a.test.ts': uses('../src/modules/orders/store.ts'), 'src/modules/orders/store.ts': door },
    ],
    ['an import that leads nowhere', 'nothing-unresolved', { 'src/kernel/a.ts': uses('#modules/orders/store.ts') }],
    [
      'the console running our code',
      'the-console-uses-types-of-the-api-only',
      { 'web/src/a.tsx': uses('../../src/kernel/a.ts'), 'src/kernel/a.ts': door },
    ],
  ])('%s', async (_what, rule, files) => {
    expect(await violationsOf(files)).toContain(rule);
  });

  it('and a good one is not', async () => {
    const files = {
      'src/kernel/a.ts': door,
      'src/platform/db/index.ts': uses('../../kernel/a.ts'),
      'src/modules/orders/index.ts': `${uses('./store.ts')}${door}`,
      'src/modules/orders/store.ts': `${uses('../../platform/db/index.ts')}${door}`.replace('verb }', 'use as verb }'),
      'src/modules/routing/index.ts': uses('../orders/index.ts'),
      'src/modules/routing/a.test.ts': uses('../../app/a.ts'),
      'src/app/a.ts': `${uses('../modules/routing/index.ts').replace('verb }', 'use as verb }')}${door}`,
    };
    expect(await violationsOf(files)).toEqual([]);
  });
});
